"""The encoder as it runs: 8-bit integers, one sentence after the other, so that no sentence sees another's padding.

What :class:`transformers.BertModel` computes, for the processor at hand. Weights have one scale an output, what they are
multiplied with one scale a piece; sums of integers are exact. With 8-bit instructions this is five times as fast as
32-bit floats. Since nothing is padded and no scale is shared, the states of a sentence depend on that sentence alone, to
the last bit: whatever it is annotated together with, it gets the same names.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm, scaled_dot_product_attention

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
        self.heads = heads
        self.look = Matrix(inner.query, inner.key, inner.value)
        self.collect, self.norm = Matrix(output.dense), _norm(output.LayerNorm)
        self.widen, self.narrow = Matrix(layer.intermediate.dense), FineMatrix(layer.output.dense)
        self.last_norm = _norm(layer.output.LayerNorm)

    def __call__(self, states: Tensor) -> Tensor:
        """``(pieces, hidden)`` before and after."""
        pieces, hidden = states.shape
        query, key, value = self.look(states).view(pieces, 3, self.heads, -1).permute(1, 2, 0, 3).unsqueeze(1)
        seen = scaled_dot_product_attention(query, key, value)[0].transpose(0, 1).reshape(pieces, hidden)
        states = self.norm(states + self.collect(seen))
        return self.last_norm(states + self.narrow(gelu(self.widen(states))))


class Encoder:
    """A BERT encoder for use only, in the place of the :class:`transformers.BertModel` that it is made of."""

    _hf_peft_config_loaded = False
    """What Stanza asks of every encoder."""

    def __init__(self, model: Any) -> None:
        self.config = model.config
        embeddings = model.embeddings
        self._words = embeddings.word_embeddings.weight.detach()
        self._places = (embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]).detach()
        self._norm = _norm(embeddings.LayerNorm)
        self._layers = [Layer(layer, model.config.num_attention_heads) for layer in model.encoder.layer]

    def named_parameters(self) -> tuple[()]:
        """None: there is nothing to train."""
        return ()

    def __call__(self, input_ids: Tensor, attention_mask: Tensor, **_: Any) -> SimpleNamespace:
        """The states of all layers, ``hidden_states``, each ``(sentences, pieces, hidden)`` with zeros beyond the end."""
        lengths = attention_mask.sum(1).int().tolist()
        sentences = [self._states(row[:length]) for row, length in zip(input_ids, lengths, strict=True)]
        padded = nn.utils.rnn.pad_sequence(sentences, batch_first=True)
        return SimpleNamespace(hidden_states=tuple(padded.unbind(2)))

    def _states(self, pieces: Tensor) -> Tensor:
        """``(pieces, layers + 1, hidden)`` of one sentence."""
        states = [self._norm(self._words[pieces] + self._places[: len(pieces)])]
        for layer in self._layers:
            states.append(layer(states[-1]))
        return torch.stack(states, 1)


def _norm(norm: nn.LayerNorm) -> Any:
    weight, bias = norm.weight.detach(), norm.bias.detach()
    return lambda states: layer_norm(states, norm.normalized_shape, weight, bias, norm.eps)
