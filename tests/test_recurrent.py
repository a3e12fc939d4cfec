"""The recurrent network as it runs computes what torch's own does."""

from __future__ import annotations

import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from kg.recurrent import Recurrent

LENGTHS = [[7], [9, 9, 4, 1], [1, 1], [3, 8, 5]]


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("layers", [1, 2])
def test_it_computes_what_torch_does(lengths: list[int], layers: int) -> None:
    torch.manual_seed(0)
    slow = torch.nn.LSTM(5, 6, num_layers=layers, bidirectional=True, batch_first=True).eval()
    sentences = pack_sequence([torch.randn(length, 5) for length in lengths], enforce_sorted=False)
    with torch.no_grad():
        expected, found = slow(sentences)[0], Recurrent(slow)(sentences)[0]
    assert isinstance(found, PackedSequence)
    assert torch.allclose(found.data, expected.data, atol=1e-6)
    assert all(torch.equal(one, other) for one, other in zip(found[1:], expected[1:], strict=True) if one is not None)


def test_a_sentence_is_not_changed_by_those_beside_it() -> None:
    torch.manual_seed(0)
    network = Recurrent(torch.nn.LSTM(5, 6, bidirectional=True).eval())
    short, long = torch.randn(3, 5), torch.randn(11, 5)
    with torch.no_grad():
        alone = network(pack_sequence([short]))[0]
        beside = network(pack_sequence([long, short]))[0]
    together, _ = torch.nn.utils.rnn.pad_packed_sequence(beside)
    assert torch.allclose(together[:3, 1], alone.data, atol=1e-6)
