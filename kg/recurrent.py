"""A recurrent network as it runs: sentences side by side, one direction after the other.

Of sentences of different lengths torch computes every step by a dozen small operations; of a plain block of numbers it
computes a whole direction in one. Here the sentences are such a block: forwards as they are, and backwards turned round.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


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
            back = backwards(_rows(states, turned))[0]
            states = torch.cat([forwards(states)[0], _rows(back, turned)], 2)
        data = pack_padded_sequence(states, lengths).data
        return PackedSequence(data, *sentences[1:]), None


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
