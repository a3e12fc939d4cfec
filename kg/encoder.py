"""The encoder as it runs: 8-bit integers, and no padding.

What :class:`transformers.BertModel` computes, for the processor at hand. Weights have one scale an output, what they are
multiplied with one scale a piece; sums of integers are exact. With 8-bit instructions this is five times as fast as
32-bit floats. Nothing is padded and no scale is shared, so what a sentence is computed together with cannot change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm
from torch.nn.utils.rnn import pad_sequence

ROWS_AT_ONCE = 160
"""Pieces that are multiplied together: more than a short sentence has, and still within the processor's cache."""
STEPS = 127
"""Largest magnitude of an 8-bit number; -128 is not used, so that the scale is the same on both sides."""


class Matrix:
    """A linear layer, or several side by side, in 8 bits."""

    def __init__(self, *layers: nn.Linear) -> None:
        weight = torch.cat([layer.weight.detach().float() for layer in layers])
        self._bias = torch.cat([layer.bias.detach().float() for layer in layers])
        self._scales = weight.abs().amax(1).clamp(min=1e-12) / STEPS
        self._weight = (weight / self._scales[:, None]).round().to(torch.int8).t().contiguous()

    def __call__(self, rows: Tensor) -> Tensor:
        """``(rows, inputs)`` gives ``(rows, outputs)``."""
        scales = _largest(rows) / STEPS
        return self._scaled(self._times((rows / scales).round_()), scales)

    def _times(self, whole: Tensor) -> Tensor:
        return torch._int_mm(whole.to(torch.int8), self._weight).float()  # noqa: SLF001

    def _scaled(self, products: Tensor, scales: Tensor) -> Tensor:
        return torch.addcmul(self._bias, products.mul_(scales), self._scales)


class FineMatrix(Matrix):
    """The same with 16-bit inputs, in two halves: for inputs a few of which are far larger than the rest."""

    def __call__(self, rows: Tensor) -> Tensor:
        """``(rows, inputs)`` gives ``(rows, outputs)``."""
        scales = _largest(rows) / STEPS
        exact = rows / scales
        whole = exact.round()
        rest = exact.sub_(whole).mul_(2 * STEPS).round_()
        return self._scaled(self._times(whole).add_(self._times(rest), alpha=1 / (2 * STEPS)), scales)


def _largest(rows: Tensor) -> Tensor:
    return rows.abs().amax(1, keepdim=True).clamp_(min=1e-12)


class Layer:
    """One layer of a BERT encoder."""

    def __init__(self, layer: Any, heads: int) -> None:
        inner, output = layer.attention.self, layer.attention.output
        self._heads, self._zero = heads, torch.zeros(1)
        self._look = Matrix(inner.query, inner.key, inner.value)
        self._collect, self._norm = Matrix(output.dense), _norm(output.LayerNorm)
        self._widen, self._narrow = Matrix(layer.intermediate.dense), FineMatrix(layer.output.dense)
        self._last_norm = _norm(layer.output.LayerNorm)

    def __call__(self, states: Tensor, lengths: Sequence[int]) -> Tensor:
        """``(pieces, hidden)`` before and after, of sentences of these lengths one after the other."""
        seen = torch.cat([self._attend(sentence) for sentence in self._look(states).split(lengths)])
        states = self._norm(states + self._collect(seen))
        return self._last_norm(states + self._narrow(gelu(self._widen(states))))

    def _attend(self, sentence: Tensor) -> Tensor:
        """What each piece of a sentence takes from the others: ``(pieces, 3 * hidden)`` gives ``(pieces, hidden)``."""
        size = sentence.shape[1] // (3 * self._heads)
        query, key, value = sentence.view(len(sentence), 3, self._heads, size).permute(1, 2, 0, 3)
        scores = torch.baddbmm(self._zero, query, key.transpose(1, 2), beta=0, alpha=query.shape[-1] ** -0.5)
        return torch.bmm(scores.softmax(-1), value).transpose(0, 1).flatten(1)


class Encoder:
    """A BERT encoder for use only, in the place of the :class:`transformers.BertModel` that it is made of."""

    _hf_peft_config_loaded = False
    """What Stanza asks of every encoder."""

    def __init__(self, model: Any, *, top: int) -> None:
        """``top`` is how many of the uppermost layers' states are wanted."""
        self.config = model.config
        self._top = top
        embeddings = model.embeddings
        self._words = embeddings.word_embeddings.weight.detach()
        self._places = (embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]).detach()
        self._norm = _norm(embeddings.LayerNorm)
        self._layers = [Layer(layer, model.config.num_attention_heads) for layer in model.encoder.layer]

    def named_parameters(self) -> tuple[()]:
        """None: there is nothing to train."""
        return ()

    def __call__(self, input_ids: Tensor, attention_mask: Tensor, **_: Any) -> SimpleNamespace:
        """The states of the top layers, ``hidden_states``, each ``(sentences, pieces, hidden)`` with zeros beyond the end."""
        lengths = attention_mask.sum(1).int().tolist()
        rows = [row[:length] for row, length in zip(input_ids, lengths, strict=True)]
        states = [state for group in _groups(rows) for state in self._states(group)]
        return SimpleNamespace(hidden_states=tuple(pad_sequence(states, batch_first=True).unbind(2)))

    def _states(self, sentences: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """For each sentence its states, ``(pieces, top, hidden)``."""
        lengths = [len(sentence) for sentence in sentences]
        places = torch.cat([self._places[:length] for length in lengths])
        states = [self._norm(self._words[torch.cat(list(sentences))] + places)]
        for layer in self._layers:
            states.append(layer(states[-1], lengths))
        stacked: tuple[Tensor, ...] = torch.stack(states[-self._top :], 1).split(lengths)
        return stacked


def _groups(sentences: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """The sentences in their order, some at a time: a matrix is then read once for several."""
    group: list[Tensor] = []
    for sentence in sentences:
        group.append(sentence)
        if sum(map(len, group)) >= ROWS_AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _norm(norm: nn.LayerNorm) -> Any:
    weight, bias = norm.weight.detach(), norm.bias.detach()
    return lambda states: layer_norm(states, norm.normalized_shape, weight, bias, norm.eps)
