"""Train the embedded NER model: a transformer encoder, fine-tuned under Stanza's BiLSTM-CRF tagger.

    python scripts/train_ner.py --train A.bio B.bio --dev C.bio D.bio --encoder DIR --work DIR
    python scripts/train_ner.py --export kg/models/embedded/ar/ner/kg.pt --work DIR   (writes what is shipped)

Each option after ``--batch`` below is a way of training that was tried; the model card has the table.

The network is Stanza's own ``NERTagger`` and the result loads in ``stanza.Pipeline``; only the training loop is
ours, because Stanza's has neither warm-up nor a resume with optimiser state. Files are two columns, token TAB tag,
a blank line between sentences; tags outside PER/LOC/ORG become O. After each epoch ``WORK/last.pt`` holds everything
needed to go on (weights, optimiser, schedule, random state), and the same command continues from it. The model
kept in ``WORK/best.pt`` is the one with the highest mean F1 over the dev files: each file weighs the same.

With glibc, ``MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=16000000000`` in the environment halves the
time: activations are then not handed back to the kernel after every step.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import safetensors.torch
import torch
from ner_data import Sentence, Variation, forbid, forbid_names, read_bio, sentence_hashes
from stanza.models import ner_tagger
from stanza.models.common.doc import Document
from stanza.models.ner.data import DataLoader
from stanza.models.ner.scorer import score_by_entity
from stanza.models.ner.trainer import Trainer
from stanza.models.ner.vocab import MultiVocab
from transformers import AutoModel, AutoTokenizer

BATCHES_PER_BUCKET = 20  # sentences of like length are batched together within this many batches
AVERAGE_EVERY = 5  # steps between two updates of the running average
ENCODER_NAME = "kg-ar-encoder"  # what the shipped .pt calls its encoder; see kg/annotate.py


def as_document(sentences: Iterable[Sentence]) -> Document:
    """A Stanza document with NER tags and nothing else."""
    return Document([[{"id": n, "text": word, "ner": tag} for n, (word, tag) in enumerate(s, 1)] for s in sentences])


def truncated_encoder(source: pathlib.Path, layers: int, target: pathlib.Path) -> pathlib.Path:
    """The encoder with its lowest ``layers`` layers, in fp32, saved to ``target``."""
    model = AutoModel.from_pretrained(source, dtype=torch.float32)
    model.encoder.layer = model.encoder.layer[:layers]
    model.config.num_hidden_layers = layers
    model.config.attention_probs_dropout_prob = 0.0
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(source).save_pretrained(target)
    return target


def tagger_options(args: argparse.Namespace, encoder: pathlib.Path) -> dict[str, Any]:
    """Stanza's options for a tagger over an encoder: no word vectors, no character model."""
    options = ner_tagger.parse_args(["--bert_model", str(encoder), "--bert_finetune", "--no_char", "--no_pretrain"])
    options.update(
        shorthand="ar_kg", lang="ar", word_emb_dim=0, bert_hidden_layers=args.mix, hidden_dim=args.hidden,
        dropout=args.dropout, word_dropout=0.01, scheme="bioes", optim="adamw", lr=args.head_lr, device="cpu",
    )  # fmt: skip
    return options


def bucketed(examples: Sequence[Any], size: int, rng: random.Random) -> list[list[Any]]:
    """Shuffled batches whose sentences have like lengths, so that little is padding."""
    shuffled = rng.sample(examples, len(examples))
    span = size * BATCHES_PER_BUCKET
    buckets = (sorted(shuffled[i : i + span], key=lambda e: len(e[0])) for i in range(0, len(shuffled), span))
    batches = [bucket[i : i + size] for bucket in buckets for i in range(0, len(bucket), size)]
    rng.shuffle(batches)
    return batches


def layer_of(name: str, layers: int) -> int:
    """How high a parameter of the encoder stands: 0 the embeddings, ``layers`` the top layer."""
    found = [int(part) for part in name.split(".") if part.isdigit()]
    return min(found[0] + 1, layers) if "encoder.layer." in name else 0


def parameter_groups(trainer: Trainer, args: argparse.Namespace) -> list[dict[str, Any]]:
    """The encoder learns slowly, its lower layers slower still or not at all, the layers above it faster."""
    head, by_layer = [], defaultdict(list)
    for name, parameter in trainer.model.named_parameters():
        layer = layer_of(name, args.layers)
        if name.startswith("bert_model.") and layer < args.freeze:
            parameter.requires_grad = False
        elif parameter.requires_grad:
            (by_layer[layer] if name.startswith("bert_model.") else head).append(parameter)
    encoder = [
        {"params": found, "lr": args.lr * args.decay ** (args.layers - layer), "weight_decay": 0.01}
        for layer, found in sorted(by_layer.items())
    ]
    return [*encoder, {"params": head, "lr": args.head_lr}]


class Average:
    """A running average of the weights; what is scored and kept if ``decay`` is above 0."""

    def __init__(self, model: torch.nn.Module, decay: float) -> None:
        self.model, self.decay = model, decay
        self.weights = {n: t.detach().clone() for n, t in model.named_parameters() if t.requires_grad} if decay else {}

    def step(self, step: int) -> None:
        """Take in the weights after ``step`` steps; early on the average follows quickly."""
        if not self.decay or step % AVERAGE_EVERY:
            return
        share = 1 - min(self.decay**AVERAGE_EVERY, step / (step + 10 * AVERAGE_EVERY))
        for name, weight in self.model.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(weight.detach(), share)

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Within this context the model has the average weights."""
        self._swap()
        yield
        self._swap()

    def _swap(self) -> None:
        for name, weight in self.model.named_parameters():
            if name in self.weights:
                weight.data, self.weights[name] = self.weights[name], weight.data


def warmup_then_linear(step: int, total: int, warmup: int) -> float:
    """Factor of the learning rate at ``step``."""
    return step / max(1, warmup) if step < warmup else max(0.0, (total - step) / max(1, total - warmup))


def run_encoder_in_bfloat16(trainer: Trainer) -> None:
    """Let only the encoder compute in bfloat16: LSTM and CRF stay exact. 2.5 times as fast where AVX512-BF16 is.

    Attention is computed step by step: PyTorch's fused one takes, in training, as long as all the rest together.
    """
    trainer.model.bert_model.config._attn_implementation = "eager"
    inner = trainer.model.bert_model.forward

    def forward(*args: Any, **kwargs: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = inner(*args, **kwargs)
        output.hidden_states = tuple(state.float() for state in output.hidden_states)
        return output

    trainer.model.bert_model.forward = forward


def predictions(trainer: Trainer, loader: DataLoader) -> Iterator[list[str]]:
    """Predicted tags, one list a sentence, in the order of the loader's document."""
    with torch.no_grad():
        for batch in loader:
            yield from trainer.predict(batch)


def f1(trainer: Trainer, loader: DataLoader) -> float:
    """Micro F1 over exact spans."""
    gold = [[tag[0] for tag in tags] for tags in loader.tags]
    return float(score_by_entity(list(predictions(trainer, loader)), gold)[2])


def write_atomically(state: dict[str, Any], path: pathlib.Path) -> None:
    """Save so that an interruption leaves the old file or the new one, never half of one."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def training_data(args: argparse.Namespace) -> list[tuple[Sentence, float]]:
    """All sentences to be trained on, each with the share of epochs that it takes part in.

    Stops the program if a file is called a test file or has a sentence of one.
    """
    pairs = [(path, 1.0) for path in args.train] + [(path, args.silver_share) for path in args.silver]
    forbid_names(path for path, _ in pairs)
    found = [(sentence, share) for path, share in pairs for sentence in read_bio(path)]
    forbid(([token for token, _ in sentence] for sentence, _ in found), sentence_hashes(args.never))
    return found


def log(work: pathlib.Path, **fields: Any) -> None:
    """Append one JSON line to ``WORK/log.jsonl``."""
    with (work / "log.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(fields) + "\n")


def start(args: argparse.Namespace, data: Sequence[tuple[Sentence, float]]) -> tuple[Trainer, Any]:
    """A new trainer, with the weights of ``--init`` if given, and the vocabulary of tags."""
    options = tagger_options(args, truncated_encoder(args.encoder, args.layers, args.work / "encoder"))
    vocab = DataLoader(as_document(s for s, _ in data), args.batch, options).vocab
    del vocab._vocabs["delta"]  # the words of the training set; of no use without word vectors
    if args.init:
        state = torch.load(args.init, weights_only=False)
        vocab = MultiVocab.load_state_dict(state["vocab"])
    trainer = Trainer(args=options, vocab=vocab, device="cpu")
    if args.init:
        trainer.model.load_state_dict(state["model"])
    if args.bf16:
        run_encoder_in_bfloat16(trainer)
    trainer.optimizer = torch.optim.AdamW(parameter_groups(trainer, args), fused=True)
    return trainer, vocab


def epoch_of(
    args: argparse.Namespace, data: Sequence[tuple[Sentence, float]], vary: Variation, epoch: int
) -> list[Sentence]:
    """The sentences of one epoch: silver ones by their share, all varied; the same for the same seed."""
    rng = random.Random(f"{args.seed}-{epoch}")
    return [vary.of(sentence, rng) for sentence, share in data if share >= 1 or rng.random() < share]


def train(args: argparse.Namespace) -> None:
    """Train from the start, or go on from ``WORK/last.pt``."""
    args.work.mkdir(parents=True, exist_ok=True)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    data = training_data(args)
    vary = Variation([sentence for sentence, _ in data], replace=args.replace, hide=args.hide)
    trainer, vocab = start(args, data)
    dev = [DataLoader(as_document(read_bio(p)), 32, trainer.args, vocab=vocab, evaluation=True) for p in args.dev]
    total = args.epochs * -(-int(sum(share for _, share in data)) // args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(trainer.optimizer, lambda s: warmup_then_linear(s, total, total // 10))
    average = Average(trainer.model, args.average)
    parts = {"model": trainer.model, "optimizer": trainer.optimizer, "schedule": schedule}

    first, best, steps, last = 1, 0.0, 0, args.work / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=False)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["rng"])
        first, best, steps, average.weights = state["epoch"] + 1, state["best"], state["steps"], state["average"]

    for epoch in range(first, args.epochs + 1):
        started, losses = time.monotonic(), []
        sentences = as_document(epoch_of(args, data, vary, epoch))
        loader = DataLoader(sentences, args.batch, trainer.args, vocab=vocab, evaluation=True)
        examples = [example for batch in loader.data for example in batch]
        loader.data = bucketed(examples, args.batch, random.Random(f"{args.seed}-{epoch}"))
        for step, batch in enumerate(loader, 1):
            losses.append(trainer.update(batch))
            schedule.step()
            steps += 1
            average.step(steps)
            if step % 50 == 0:
                log(args.work, epoch=epoch, step=step, loss=round(sum(losses[-50:]) / 50, 4))
        with average.in_place():
            scores = [f1(trainer, loader) for loader in dev]
            mean = sum(scores) / len(scores)
            log(args.work, epoch=epoch, dev=[round(s, 4) for s in scores], seconds=round(time.monotonic() - started))
            if mean > best:
                best = mean
                write_atomically(shipped_state(trainer), args.work / "best.pt")
        state = {name: part.state_dict() for name, part in parts.items()}
        state |= {
            "epoch": epoch,
            "best": best,
            "steps": steps,
            "average": average.weights,
            "rng": torch.get_rng_state(),
        }
        write_atomically(state, last)


def shipped_state(trainer: Trainer) -> dict[str, Any]:
    """What Stanza stores of a tagger, with no path of the training machine in it."""
    keep = {k: v for k, v in trainer.args.items() if not k.endswith(("_file", "_dir", "_name"))}
    config = keep | {"bert_model": ENCODER_NAME, "bert_finetune": False}
    return {"model": trainer.model.state_dict(), "vocab": trainer.vocab.state_dict(), "config": config}


def export(work: pathlib.Path, target: pathlib.Path) -> None:
    """Write the tagger to ``target`` (``…/ar/ner/kg.pt``) and its encoder to ``…/encoder/``, both in fp16."""
    state = torch.load(work / "best.pt", weights_only=False)
    half = {name: tensor.half().contiguous() for name, tensor in state["model"].items()}
    encoder = {name.removeprefix("bert_model."): t for name, t in half.items() if name.startswith("bert_model.")}
    encoder = {name: t for name, t in encoder.items() if not name.startswith("pooler.")}
    state["model"] = {name: t for name, t in half.items() if not name.startswith("bert_model.")}
    folder = target.parents[2] / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, target, _use_new_zipfile_serialization=False)
    weights = folder / "model.safetensors"
    safetensors.torch.save_file(encoder, weights, metadata={"format": "pt"})
    weights.chmod(target.stat().st_mode)  # otherwise only its owner may read it
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((work / "encoder" / name).read_bytes())


def main() -> None:
    """Read the options, then train or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", nargs="+", type=pathlib.Path)
    parser.add_argument(
        "--never", nargs="*", type=pathlib.Path, default=[], help="test files, none of whose sentences is trained on"
    )
    parser.add_argument("--dev", nargs="+", type=pathlib.Path)
    parser.add_argument("--encoder", type=pathlib.Path, help="folder of the encoder to fine-tune")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="checkpoints and log")
    parser.add_argument("--export", type=pathlib.Path, help="write WORK/best.pt as the shipped model, train nothing")
    parser.add_argument("--layers", type=int, default=12, help="how many of the encoder's layers to keep")
    parser.add_argument("--mix", type=int, default=4, help="how many of the top layers are mixed for a word")
    parser.add_argument("--hidden", type=int, default=256, help="LSTM units, each direction")
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--lr", type=float, default=1e-4, help="peak learning rate of the encoder")
    parser.add_argument("--head-lr", type=float, default=1e-3, help="peak learning rate above the encoder")
    parser.add_argument("--batch", type=int, default=16, help="sentences a step")
    parser.add_argument("--init", type=pathlib.Path, help="best.pt of another run to go on from")
    parser.add_argument(
        "--average", type=float, default=0.0, help="decay a step of a running average of the weights; 0: none"
    )
    parser.add_argument(
        "--replace", type=float, default=0.0, help="share of names to be replaced by others of their kind"
    )
    parser.add_argument("--hide", type=float, default=0.0, help="share of tokens to be hidden")
    parser.add_argument(
        "--silver", nargs="*", type=pathlib.Path, default=[], help="sentences that a model has labelled"
    )
    parser.add_argument("--silver-share", type=float, default=1.0, help="share of them to be used in each epoch")
    parser.add_argument(
        "--decay", type=float, default=1.0, help="factor of the learning rate from each layer to the one below"
    )
    parser.add_argument("--freeze", type=int, default=0, help="1: the embeddings stay; n: and the lowest n - 1 layers")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="0: as torch decides")
    parser.add_argument("--bf16", action="store_true", help="encoder in bfloat16 while training")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    with contextlib.suppress(KeyboardInterrupt):
        export(args.work, args.export) if args.export else train(args)


if __name__ == "__main__":
    main()
