"""Go on with the masked-word training of the encoder, on running news text, before it is fine-tuned for names.

    python scripts/pretrain_encoder.py --text ARTICLES.jsonl.xz --encoder DIR --work DIR --steps N   (WORK/encoder is the result)

Text is cut into blocks of 128 pieces; 15 % of the words are masked, whole words at a time; the output layer shares the
word embeddings and begins alone, so that its first random steps do not shake the encoder. No sentence of a test file may
be in the text: ``--never`` files are looked up line by line. The same command goes on after an interruption.
"""

from __future__ import annotations

import argparse
import json
import lzma
import pathlib
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from ner_data import forbid, sentence_hashes
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

BLOCK = 128  # pieces
MASKED = 0.15  # of the words
HEAD_STEPS = 100  # steps in which only the output layer learns
STEPS_TO_CHECKPOINT = 200


class Head(nn.Module):
    """Scores of all pieces for one position, through the embeddings of the encoder."""

    def __init__(self, hidden: int, pieces: int) -> None:
        super().__init__()
        self.dense, self.norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        self.bias = nn.Parameter(torch.zeros(pieces))

    def forward(self, states: Tensor, embeddings: Tensor) -> Tensor:
        """``(positions, hidden)`` and ``(pieces, hidden)`` give ``(positions, pieces)``."""
        inner = self.norm(nn.functional.gelu(self.dense(states)))
        return inner @ embeddings.t().to(inner.dtype) + self.bias


def texts(paths: Sequence[pathlib.Path]) -> Iterator[str]:
    """Title and text of each article of JSON-lines files, plain or xz."""
    for path in paths:
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield f"{record.get('title', '')}\n{record['text']}"


def blocks(args: argparse.Namespace, tokenizer: Any) -> Tensor:
    """All text as one matrix of piece numbers, ``(blocks, BLOCK)``; each block begins and ends as a sentence does."""
    cache = args.work / "blocks.pt"
    if cache.exists():
        return torch.load(cache)
    found = list(texts(args.text))
    forbid((line.split() for text in found for line in text.splitlines()), sentence_hashes(args.never))
    random.Random(args.seed).shuffle(found)
    stream = [piece for text in tokenizer(found, add_special_tokens=False).input_ids for piece in text]
    inner = BLOCK - 2
    rows = torch.tensor(stream[: len(stream) // inner * inner], dtype=torch.int32).view(-1, inner)
    first, last = (
        torch.full((len(rows), 1), n, dtype=torch.int32) for n in (tokenizer.bos_token_id, tokenizer.eos_token_id)
    )
    matrix = torch.cat([first, rows, last], 1)
    torch.save(matrix, cache)
    return matrix


def mask(batch: Tensor, begins: Tensor, tokenizer: Any, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """The batch with whole words masked (8 in 10 of their pieces hidden, 1 replaced, 1 kept), and which were chosen."""
    starts = begins[batch]
    starts[:, 0] = True
    word = starts.cumsum(1)
    chosen = (torch.rand(word.shape, generator=rng) < MASKED).gather(1, word.clamp(max=batch.shape[1] - 1))
    chosen[:, 0] = chosen[:, -1] = False
    how = torch.rand(batch.shape, generator=rng)
    noisy = torch.randint(5, len(begins), batch.shape, generator=rng)
    hidden = torch.where(chosen & (how < 0.8), tokenizer.mask_token_id, batch)
    return torch.where(chosen & (how > 0.9), noisy, hidden), chosen


def word_begins(tokenizer: Any) -> Tensor:
    """For each piece whether a word begins with it."""
    marks = [piece.startswith("\u2581") for piece in tokenizer.convert_ids_to_tokens(range(len(tokenizer)))]
    return torch.tensor(marks)


def factor(step: int, total: int) -> float:
    """Factor of the learning rate: up for a tenth, then down to nothing."""
    warm = total // 10
    return step / warm if step < warm else (total - step) / (total - warm)


def keep(path: pathlib.Path, state: dict[str, Any]) -> None:
    """Save so that an interruption leaves the old file or the new one."""
    torch.save(state, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def pretrain(args: argparse.Namespace) -> None:
    """Train from the start, or go on from ``WORK/mlm.last.pt``."""
    args.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    rows, begins = blocks(args, tokenizer), word_begins(tokenizer)
    encoder = AutoModel.from_pretrained(
        args.encoder,
        dtype=torch.float32,
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",  # the fused one has a backward pass that takes as long as all the rest
    )
    head = Head(encoder.config.hidden_size, len(tokenizer))
    groups = [{"params": encoder.parameters(), "lr": args.lr}, {"params": head.parameters(), "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    first, last = 0, args.work / "mlm.last.pt"
    if last.exists():
        state = torch.load(last)
        encoder.load_state_dict(state["encoder"])
        head.load_state_dict(state["head"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    embeddings = encoder.embeddings.word_embeddings.weight
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(args.seed))
    started, losses = time.monotonic(), []
    for step in range(first, args.steps):
        rng = torch.Generator().manual_seed(args.seed * 1_000_003 + step)
        places = torch.arange(step * args.batch, (step + 1) * args.batch) % len(rows)
        batch = rows[order[places]].long()
        noisy, chosen = mask(batch, begins, tokenizer, rng)
        for group, peak in zip(optimizer.param_groups, (args.lr, 1e-3), strict=True):
            group["lr"] = peak * factor(step, args.steps)
        with torch.autocast("cpu", dtype=torch.bfloat16), torch.set_grad_enabled(step >= HEAD_STEPS):
            states = encoder(noisy).last_hidden_state[chosen]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = head(states, embeddings if step >= HEAD_STEPS else embeddings.detach())
        loss = nn.functional.cross_entropy(scores.float(), batch[chosen])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*encoder.parameters(), *head.parameters()], 1.0)
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % 50 == 0:
            pace = batch.numel() * len(losses) / (time.monotonic() - started)
            line = {"step": step + 1, "loss": round(sum(losses[-50:]) / 50, 4), "pieces_per_second": round(pace)}
            with (args.work / "mlm.log.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
        if (step + 1) % STEPS_TO_CHECKPOINT == 0 or step + 1 == args.steps:
            parts = {"encoder": encoder, "head": head, "optimizer": optimizer}
            keep(last, {name: part.state_dict() for name, part in parts.items()} | {"step": step + 1})
    encoder.config.hidden_dropout_prob = 0.1
    encoder.save_pretrained(args.work / "encoder")
    tokenizer.save_pretrained(args.work / "encoder")


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--text", nargs="+", type=pathlib.Path, required=True, help="articles as JSON lines, plain or .xz"
    )
    parser.add_argument(
        "--never", nargs="*", type=pathlib.Path, default=[], help="BIO files that must not be in the text"
    )
    parser.add_argument("--encoder", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--batch", type=int, default=32, help="blocks a step")
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="0: as torch decides")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    pretrain(args)


if __name__ == "__main__":
    main()
