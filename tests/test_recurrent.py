"""The recurrent network as it runs computes what torch's own does."""

from __future__ import annotations

import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from kg.recurrent import BESIDE, STEPS, Recurrent

LENGTHS = [[7], [9, 9, 4, 1], [1, 1], [3, 8, 5], [200, 3, 64, 65, 128, 9, 1, 70, 12, 130]]


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


def test_there_are_few_sizes_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch keeps a plan for each size, for ever."""
    seen = set()
    forward = torch.nn.LSTM.forward

    def watched(self: torch.nn.LSTM, block: torch.Tensor, *rest: object) -> object:
        seen.add(block.shape)
        return forward(self, block, *rest)

    monkeypatch.setattr(torch.nn.LSTM, "forward", watched)
    network = Recurrent(torch.nn.LSTM(5, 6, bidirectional=True).eval())
    with torch.no_grad():
        for size in range(1, 33):
            network(
                pack_sequence([torch.randn(1 + (7 * size * n) % 300, 5) for n in range(size)], enforce_sorted=False)
            )
    assert seen == {(STEPS, beside, 5) for beside in range(BESIDE, 33, BESIDE)}


def test_a_sentence_is_not_changed_by_those_beside_it() -> None:
    torch.manual_seed(0)
    network = Recurrent(torch.nn.LSTM(5, 6, bidirectional=True).eval())
    short, long = torch.randn(3, 5), torch.randn(11, 5)
    with torch.no_grad():
        alone = network(pack_sequence([short]))[0]
        beside = network(pack_sequence([long, short]))[0]
    together, _ = torch.nn.utils.rnn.pad_packed_sequence(beside)
    assert torch.allclose(together[:3, 1], alone.data, atol=1e-6)
