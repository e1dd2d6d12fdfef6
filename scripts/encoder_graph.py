"""``python scripts/encoder_graph.py``: write bot/language/minilm.onnx, the graph that the sentence encoder runs.

The graph computes with the 8-bit weights of the pinned all-MiniLM-L6-v2 as they are, where the one that they come with
unpacks them to floats first. It holds no weights: each is named by its place in the pinned file, which onnxruntime
maps into memory. Layers: BERT (Devlin et al. 2019); sentence embedding: mean of the token vectors, scaled to length 1
(Reimers and Gurevych 2019).
"""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "bot" / "language" / "minilm.onnx"
LAYERS, HEADS, DIMENSIONS = 6, 12, 384
EPSILON = 1e-12
_EMBEDDINGS = "inner.embeddings."
_FUSED = "com.microsoft"
"""The domain of onnxruntime's own operators, each of which stands for several of ONNX."""


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

    def weight(self, name: str, flat: bool = False) -> str:
        """Use a weight of the file; ``flat`` without its dimensions of size 1. Returns its name."""
        given = self._given[name]
        dims = [size for size in given.dims if size > 1] if flat else list(given.dims)
        tensor = TensorProto(name=name, data_type=given.data_type, dims=dims, data_location=TensorProto.EXTERNAL)
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

    def dense(self, inputs: str, matrix: str, output: str, bias: str = "") -> str:
        """A product with a matrix of 8-bit weights; the other side is brought to 8 bits by its own range."""
        operands = [inputs, self.weight(f"{matrix}_q"), self.weight(f"{matrix}_scale", flat=True), ""]
        return self.node("DynamicQuantizeMatMul", [*operands, *([self.weight(bias)] if bias else [])], output, _FUSED)

    def added_and_normalised(self, new: str, old: str, norm: str, output: str) -> str:
        operands = [new, old, self.weight(f"{norm}.weight"), self.weight(f"{norm}.bias")]
        return self.node("SkipLayerNormalization", operands, output, _FUSED, epsilon=EPSILON)


def encoder(weights: Path) -> bytes:
    """The graph: token ids of one sentence, shape (1, tokens), to its embedding, shape (1, 384)."""
    graph = Graph(weights)
    hidden = _embedded(graph)
    for layer in range(LAYERS):
        hidden = _layer(graph, layer, hidden)
    graph.node("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    graph.node("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, DIMENSIONS])
    body = helper.make_graph(graph.nodes, "minilm", [ids], [embedding], graph.initializers)
    operators = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    content: bytes = helper.make_model(body, opset_imports=operators, ir_version=8).SerializeToString(
        deterministic=True
    )
    return content


def _embedded(graph: Graph) -> str:
    words = graph.rows("word_embeddings", "input_ids")
    graph.node("Shape", ["input_ids"], "shape", start=1, end=2)
    graph.node("Squeeze", ["shape"], "tokens")
    first, step = graph.constant("zero", TensorProto.INT64, 0), graph.constant("one", TensorProto.INT64, 1)
    places = graph.rows("position_embeddings", graph.node("Range", [first, "tokens", step], "places"))
    # Every token is of the first of the two kinds that BERT tells apart.
    kind = graph.node("Gather", [graph.weight(f"{_EMBEDDINGS}token_type_embeddings.weight"), first], "kind")
    total = graph.node("Add", [words, graph.node("Add", [places, kind], "place_and_kind")], "embedded")
    norm = [graph.weight(f"{_EMBEDDINGS}LayerNorm.weight"), graph.weight(f"{_EMBEDDINGS}LayerNorm.bias")]
    return graph.node("LayerNormalization", [total, *norm], "hidden", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, layer: int, hidden: str) -> str:
    name = f"inner.encoder.layer.{layer}."
    query, key, value, attended, wide, narrow = graph.matrices[6 * layer : 6 * layer + 6]
    heads = [
        graph.dense(hidden, matrix, f"{part}_{layer}", f"{name}attention.self.{part}.bias")
        for part, matrix in (("query", query), ("key", key), ("value", value))
    ]
    graph.node("MultiHeadAttention", heads, f"heads_{layer}", _FUSED, num_heads=HEADS)
    new = graph.dense(f"heads_{layer}", attended, f"attended_{layer}", f"{name}attention.output.dense.bias")
    middle = graph.added_and_normalised(new, hidden, f"{name}attention.output.LayerNorm", f"middle_{layer}")
    graph.dense(middle, wide, f"wide_{layer}")
    bias = graph.weight(f"{name}intermediate.dense.bias")
    graph.node("BiasGelu", [f"wide_{layer}", bias], f"active_{layer}", _FUSED)
    new = graph.dense(f"active_{layer}", narrow, f"narrow_{layer}", f"{name}output.dense.bias")
    return graph.added_and_normalised(new, middle, f"{name}output.LayerNorm", f"hidden_{layer}")


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    from bot.language.encoder import weights_file

    TARGET.write_bytes(encoder(weights_file()))
    print(f"{TARGET.relative_to(PROJECT)}: {TARGET.stat().st_size:,} bytes")
