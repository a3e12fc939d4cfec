"""A recurrent network as it runs: sentences side by side, one direction after the other.

Of sentences of different lengths torch computes every step by a dozen small operations; of a plain block of numbers it
computes a whole direction in one. Here the sentences are such blocks: forwards as they are, and backwards turned round.
There are few sizes of blocks, because torch keeps a megabyte and more of plans for each size that it has seen.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

STEPS = 64
"""Steps of a block."""
BESIDE = 8
"""Sentences of a block: a multiple of it."""


class Recurrent(nn.Module):  # type: ignore[misc]  # torch comes without types
    """A bidirectional LSTM for use only, in the place of the :class:`torch.nn.LSTM` that it is made of.

    What stands beyond a sentence's end comes after it in both directions, and so changes nothing in it.
    """

    def __init__(self, lstm: nn.LSTM) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList(_one_way(lstm, f"_l{layer}{direction}") for direction in ("", "_reverse"))
            for layer in range(lstm.num_layers)
        )

    def forward(self, sentences: PackedSequence) -> tuple[PackedSequence, None]:
        """The states of packed sentences, packed; the last states, which a :class:`torch.nn.LSTM` gives too, are left out."""
        states, lengths = pad_packed_sequence(PackedSequence(sentences.data, sentences.batch_sizes))
        turned = _turned(lengths, len(states))
        for forwards, backwards in self.layers:
            back = _run(backwards, _rows(states, turned), sentences.batch_sizes)
            states = torch.cat([_run(forwards, states, sentences.batch_sizes), _rows(back, turned)], 2)
        data = pack_padded_sequence(states, lengths).data
        return PackedSequence(data, *sentences[1:]), None


def _run(network: nn.LSTM, states: Tensor, batch_sizes: Tensor) -> Tensor:
    """One direction of one layer over ``(longest, sentences, size)``, block by block; what has ended is left out."""
    longest, _, size = states.shape
    out = states.new_zeros(longest, states.shape[1], network.hidden_size)
    state = None
    for start in range(0, longest, STEPS):
        live = int(batch_sizes[start])
        beside = -(-live // BESIDE) * BESIDE
        block = states.new_zeros(STEPS, beside, size)
        given = states[start : start + STEPS, :live]
        block[: len(given), :live] = given
        found, after = network(block, state and tuple(part[:, :beside].contiguous() for part in state))
        out[start : start + STEPS, :live] = found[: len(given), :live]
        state = after
    return out


def _one_way(lstm: nn.LSTM, name: str) -> nn.LSTM:
    """One layer of one direction as a network of its own."""
    inputs = getattr(lstm, f"weight_ih{name}").shape[1]
    one = nn.LSTM(inputs, lstm.hidden_size)
    for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        setattr(one, f"{part}_l0", getattr(lstm, part + name))
    return one.eval()


def _turned(lengths: Tensor, longest: int) -> Tensor:
    """For each row of ``(longest * sentences)`` the one that comes there when every sentence is turned round.

    >>> _turned(torch.tensor([3, 2]), 3).view(3, 2).tolist()
    [[4, 3], [2, 1], [0, 5]]
    """
    places = torch.arange(longest)[:, None]
    last = lengths - 1
    turned = torch.where(places <= last, last - places, places)
    return (turned * len(lengths) + torch.arange(len(lengths))).flatten()


def _rows(states: Tensor, rows: Tensor) -> Tensor:
    """These rows of ``(longest, sentences, size)``, in the same shape."""
    return states.flatten(0, 1).index_select(0, rows).view_as(states)
