"""``python scripts/encoder_graph.py``: write bot/language/minilm.onnx, the graph that the sentence encoder runs.

The graph computes with the 8-bit weights of the pinned all-MiniLM-L6-v2 as they are, where the one that they come with
unpacks them to floats first. It holds no weights: each is named by its place in the pinned file, which onnxruntime
maps into memory. Layers: BERT (Devlin et al. 2019); sentence embedding: mean of the token vectors, scaled to length 1
(Reimers and Gurevych 2019).

Two things keep the products of 8-bit numbers close to those of floats, on every processor:

- Weights are turned to 0 to 255 with 128 for zero, when the graph is loaded. Products of unsigned with signed numbers
  are summed in 16 bits on x86-64 without VNNI, where they overflow; those of unsigned numbers are exact everywhere.
- A few channels hold values ten times as large as all others (outlier features, Dettmers et al. 2022: LLM.int8()).
  They are multiplied as floats, so that the range of the 8 bits is that of the others.
  ``python scripts/encoder_graph.py outliers`` finds them again in the example questions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "bot" / "language" / "minilm.onnx"
LAYERS, HEADS, DIMENSIONS = 6, 12, 384
EPSILON = 1e-12
OUTLIERS = (99, 223, 63, 157, 338, 347, 363, 288, 267, 163, 127, 297, 252, 303, 256, 383)
"""The channels between layers that hold large values."""
WIDE_OUTLIERS = (
    (856, 691, 329, 1383, 1389, 829, 433, 1170),
    (607, 1157, 869, 821, 417, 116, 1072, 1249),
    (1004, 218, 1265, 804, 389, 304, 1475, 805),
    (358, 750, 318, 759, 267, 201, 1085, 456),
    (716, 637, 1031, 1097, 1089, 122, 1357, 661),
    (1302, 830, 1280, 745, 499, 1300, 119, 256),
)
"""The same inside the feed-forward part of each layer."""

_EMBEDDINGS = "inner.embeddings."
_FUSED = "com.microsoft"
"""The domain of onnxruntime's own operators, each of which stands for several of ONNX."""


class Channels(NamedTuple):
    """Names of a mask of the channels with small values, and of the places of those with large ones."""

    small: str
    large: str


class Activations(NamedTuple):
    """What a matrix is multiplied with: ``small`` has zeros in the ``channels`` whose values are in ``large``."""

    small: str
    large: str = ""
    channels: str = ""


class Graph:
    """A graph under construction, with weights that stay where they are in a file."""

    def __init__(self, weights: Path) -> None:
        self._content = weights.read_bytes()
        self._given = {each.name: each for each in onnx.load(weights).graph.initializer}
        self._file = weights.name
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[TensorProto] = []
        # Six matrices a layer, in the order of their use; the exporter named them by numbers.
        self.matrices = [name[:-2] for name in self._given if name.startswith("val_") and name.endswith("_q")]

    def node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """Add an operator; returns its output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, name: str, kind: int, value: int) -> str:
        self.initializers.append(helper.make_tensor(name, kind, [], [value]))
        return name

    def weight(self, name: str, flat: bool = False, kind: int | None = None) -> str:
        """Use a weight of the file; ``flat`` without its dimensions of size 1, its bytes read as ``kind``.

        Returns its name.
        """
        given = self._given[name]
        dims = [size for size in given.dims if size > 1] if flat else list(given.dims)
        kind = given.data_type if kind is None else kind
        tensor = TensorProto(name=name, data_type=kind, dims=dims, data_location=TensorProto.EXTERNAL)
        place = {"location": self._file, "offset": self._content.index(given.raw_data), "length": len(given.raw_data)}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        self.initializers.append(tensor)
        return name

    def rows(self, table: str, places: str) -> str:
        """Rows of a table of 8-bit weights, as floats."""
        weights = self.node("Gather", [self.weight(f"{_EMBEDDINGS}{table}.weight_q"), places], f"{table}_bytes")
        scales = self.node("Gather", [self.weight(f"{_EMBEDDINGS}{table}.weight_scale"), places], f"{table}_scales")
        floats = self.node("Cast", [weights], f"{table}_floats", to=TensorProto.FLOAT)
        return self.node("Mul", [floats, scales], table)

    def channels(self, name: str, outliers: Sequence[int], size: int) -> Channels:
        """``outliers`` among ``size`` channels, under a ``name``."""
        mask = [float(channel not in outliers) for channel in range(size)]
        self.initializers.append(helper.make_tensor(f"{name}_large", TensorProto.INT64, [len(outliers)], outliers))
        self.initializers.append(helper.make_tensor(f"{name}_small", TensorProto.FLOAT, [size], mask))
        return Channels(f"{name}_small", f"{name}_large")

    def parted(self, values: str, channels: Channels) -> Activations:
        """The values, with those of the large channels apart."""
        small = self.node("Mul", [values, channels.small], f"{values}_small")
        large = self.node("Gather", [values, channels.large], f"{values}_large", axis=-1)
        return Activations(small, large, channels.large)

    def dense(self, inputs: Activations, matrix: str, output: str, bias: str = "") -> str:
        """A product with a matrix of 8-bit weights; the small values are brought to 8 bits by their own range."""
        # Operators on weights alone are computed once, when onnxruntime loads the graph. The bytes of a signed number,
        # read as an unsigned one, with the highest bit turned over, are the number plus 128.
        given, scale = self.weight(f"{matrix}_q", kind=TensorProto.UINT8), self.weight(f"{matrix}_scale", flat=True)
        unsigned = self.node("BitwiseXor", [given, "highest_bit"], f"{matrix}_unsigned")
        operands = [inputs.small, unsigned, scale, "highest_bit", *([self.weight(bias)] if bias else [])]
        if not inputs.large:
            return self.node("DynamicQuantizeMatMul", operands, output, _FUSED)
        small = self.node("DynamicQuantizeMatMul", operands, f"{output}_small", _FUSED)
        rows = self.node("Gather", [unsigned, inputs.channels], f"{matrix}_rows")
        floats = self.node(
            "Sub", [self.node("Cast", [rows], f"{matrix}_cast", to=TensorProto.FLOAT), "zero"], f"{matrix}_floats"
        )
        scaled = self.node("Mul", [floats, scale], f"{matrix}_scaled")
        large = self.node("MatMul", [inputs.large, scaled], f"{output}_large")
        return self.node("Add", [small, large], output)

    def added_and_normalised(self, new: str, old: str, norm: str, output: str) -> str:
        operands = [new, old, self.weight(f"{norm}.weight"), self.weight(f"{norm}.bias")]
        return self.node("SkipLayerNormalization", operands, output, _FUSED, epsilon=EPSILON)


def encoder(weights: Path) -> bytes:
    """The graph: token ids of one sentence, shape (1, tokens), to its embedding, shape (1, 384)."""
    graph = Graph(weights)
    graph.constant("highest_bit", TensorProto.UINT8, 128)
    graph.constant("zero", TensorProto.FLOAT, 128)
    hidden = _embedded(graph)
    between = graph.channels("between", OUTLIERS, DIMENSIONS)
    for layer in range(LAYERS):
        hidden = _layer(graph, layer, hidden, between)
    graph.initializers.append(helper.make_tensor("along_tokens", TensorProto.INT64, [1], [1]))
    graph.node("ReduceMean", [hidden, "along_tokens"], "mean", keepdims=0)
    graph.node("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, DIMENSIONS])
    body = helper.make_graph(graph.nodes, "minilm", [ids], [embedding], graph.initializers)
    operators = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
    content: bytes = helper.make_model(body, opset_imports=operators, ir_version=8).SerializeToString(
        deterministic=True
    )
    return content


def _embedded(graph: Graph) -> str:
    words = graph.rows("word_embeddings", "input_ids")
    graph.node("Shape", ["input_ids"], "shape", start=1, end=2)
    graph.node("Squeeze", ["shape"], "tokens")
    first, step = graph.constant("first", TensorProto.INT64, 0), graph.constant("step", TensorProto.INT64, 1)
    places = graph.rows("position_embeddings", graph.node("Range", [first, "tokens", step], "places"))
    # Every token is of the first of the two kinds that BERT tells apart.
    kind = graph.node("Gather", [graph.weight(f"{_EMBEDDINGS}token_type_embeddings.weight"), first], "kind")
    total = graph.node("Add", [words, graph.node("Add", [places, kind], "place_and_kind")], "embedded")
    norm = [graph.weight(f"{_EMBEDDINGS}LayerNorm.weight"), graph.weight(f"{_EMBEDDINGS}LayerNorm.bias")]
    return graph.node("LayerNormalization", [total, *norm], "hidden", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, layer: int, hidden: str, between: Channels) -> str:
    name = f"inner.encoder.layer.{layer}."
    query, key, value, attended, wide, narrow = graph.matrices[6 * layer : 6 * layer + 6]
    inputs = graph.parted(hidden, between)
    heads = [
        graph.dense(inputs, matrix, f"{part}_{layer}", f"{name}attention.self.{part}.bias")
        for part, matrix in (("query", query), ("key", key), ("value", value))
    ]
    graph.node("MultiHeadAttention", heads, f"heads_{layer}", _FUSED, num_heads=HEADS)
    new = graph.dense(
        Activations(f"heads_{layer}"), attended, f"attended_{layer}", f"{name}attention.output.dense.bias"
    )
    middle = graph.added_and_normalised(new, hidden, f"{name}attention.output.LayerNorm", f"middle_{layer}")
    graph.dense(graph.parted(middle, between), wide, f"wide_{layer}")
    bias = graph.weight(f"{name}intermediate.dense.bias")
    graph.node("BiasGelu", [f"wide_{layer}", bias], f"active_{layer}", _FUSED)
    inputs = graph.parted(f"active_{layer}", graph.channels(f"inside_{layer}", WIDE_OUTLIERS[layer], 4 * DIMENSIONS))
    new = graph.dense(inputs, narrow, f"narrow_{layer}", f"{name}output.dense.bias")
    return graph.added_and_normalised(new, middle, f"{name}output.LayerNorm", f"hidden_{layer}")


def outliers(content: bytes, texts: Sequence[str]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """The channels with the largest values when the graph ``content`` reads ``texts``.

    Returns those between layers, beside the other channels of their layer, and those inside the feed-forward part of
    each layer.
    """
    from bot.language.encoder import session, tokenizer

    model = onnx.load_from_string(content)
    between = ["hidden", *(f"{name}_{layer}" for layer in range(LAYERS) for name in ("middle", "hidden"))][:-1]
    wide = [f"active_{layer}" for layer in range(LAYERS)]
    for name in (*between, *wide):
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    run, tokens = session(model.SerializeToString()), tokenizer()
    largest: dict[str, Any] = {}
    for text in texts:
        found = run.run([*between, *wide], {"input_ids": np.array([tokens.encode(text).ids])})
        for name, values in zip((*between, *wide), found, strict=True):
            here = np.abs(values).max(axis=(0, 1))
            largest[name] = np.maximum(largest.get(name, here), here)
    beside = np.mean([largest[name] / np.median(largest[name]) for name in between], axis=0)
    return _largest(beside, len(OUTLIERS)), [_largest(largest[name], len(WIDE_OUTLIERS[0])) for name in wide]


def _largest(values: Any, number: int) -> tuple[int, ...]:
    return tuple(int(channel) for channel in np.argsort(-values)[:number])


def main() -> None:
    from bot.language.encoder_files import WEIGHTS, checked_file

    content = encoder(checked_file(WEIGHTS))
    if sys.argv[1:] == ["outliers"]:
        from rasa.shared.nlu.training_data.loading import load_data

        examples = load_data(str(PROJECT / "data" / "nlu.yml")).intent_examples
        between, wide = outliers(content, sorted({example.get("text") for example in examples}))
        print("between layers:", between, *(f"layer {number}: {each}" for number, each in enumerate(wide)), sep="\n")
        return
    TARGET.write_bytes(content)
    print(f"{TARGET.relative_to(PROJECT)}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    main()
