"""The files of deploy/ against the schemas of the programs that read them, and against each other."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema
import pytest
import yaml

from bot.settings import Settings, SettingsError
from evaluation.server import PROJECT

DEPLOY = PROJECT / "deploy"
CHECKS = PROJECT / ".tools" / "deploy"
KUBERNETES = CHECKS / "kubernetes_validate" / "kubernetes-json-schema"
COMPOSE_SCHEMA = CHECKS / "check_jsonschema" / "builtin_schemas" / "vendor" / "compose-spec.json"

if not COMPOSE_SCHEMA.is_file() and not os.environ.get("CI"):
    pytest.skip("the checks are not installed: scripts/services.sh", allow_module_level=True)

COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
MANIFESTS = [
    document
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def schema_of(manifest: dict[str, Any], version: str) -> Any:
    group, _, api = manifest["apiVersion"].rpartition("/")
    name = "-".join(filter(None, [manifest["kind"].lower(), group.partition(".")[0], api]))
    return json.loads((KUBERNETES / f"v{version}-local-strict" / f"{name}.json").read_text())


@pytest.mark.parametrize("version", ["1.30.0", "1.37.0"])
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest["kind"])
def test_kubernetes_takes_the_manifests(manifest: dict[str, Any], version: str) -> None:
    schema = schema_of(manifest, version)
    definitions = json.loads((KUBERNETES / f"v{version}-local-strict" / "_definitions.json").read_text())
    # Where the schema says that it comes from; nothing is fetched.
    resolver = jsonschema.RefResolver("", schema, {urljoin(schema.get("$id", ""), "_definitions.json"): definitions})
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(manifest)
    misspelt = {**manifest, "speck": {}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema, resolver=resolver).validate(misspelt)


def test_the_parts_in_kubernetes_fit_together() -> None:
    kinds = {manifest["kind"]: manifest for manifest in MANIFESTS}
    deployment, service = kinds["Deployment"]["spec"], kinds["Service"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["replicas"] == 2
    for selector in (
        deployment["selector"]["matchLabels"],
        service["selector"],
        kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    names = {port["name"] for port in container["ports"]}
    assert service["ports"][0]["targetPort"] in names
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] in names
    assert {"memory", "cpu"} == container["resources"]["limits"].keys() == container["resources"]["requests"].keys()
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["securityContext"]["runAsNonRoot"]
    values = {each["name"]: each["value"] for each in container["env"]}
    assert pod["terminationGracePeriodSeconds"] >= float(values["DRAIN_SECONDS"]) + 5
    assert container["envFrom"] == [{"secretRef": {"name": kinds["Secret"]["metadata"]["name"]}}]
    understood(values | kinds["Secret"]["stringData"])


def understood(environment: dict[str, str]) -> None:
    """Every variable is one that .env.example documents, with a value that can be used."""
    documented = set(re.findall(r"(?m)^([A-Z_]+)=", (PROJECT / ".env.example").read_text()))
    assert environment.keys() <= documented
    Settings.from_environment(environment)


def test_compose_takes_its_file() -> None:
    schema = json.loads(COMPOSE_SCHEMA.read_text())
    jsonschema.Draft7Validator(schema).validate(COMPOSE)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate({**COMPOSE, "servers": {}})


def test_the_parts_of_compose_fit_together() -> None:
    services = COMPOSE["services"]
    upstream = re.findall(r"(?m)^\s*server ([\w-]+):(\d+) ", (DEPLOY / "nginx.conf").read_text())
    assert upstream == [("worker-1", "5005"), ("worker-2", "5005")]
    assert {name for name, _ in upstream} <= services.keys()
    example = dict(line.split("=", 1) for line in (DEPLOY / "example.env").read_text().splitlines() if "=" in line)
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        for needed in service.get("depends_on", {}):
            assert "healthcheck" in services[needed] or needed.startswith("worker"), needed
        for variable in re.findall(r"(?<!\$)\$\{(\w+)", json.dumps(service)):
            assert variable in example, variable
    worker = services["worker-1"]
    assert worker["environment"] == services["worker-2"]["environment"]
    filled = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: "f" * 32 if "SECRET" in found[1] else "", value)
        for name, value in worker["environment"].items()
    }
    understood(filled)
    assert float(worker["stop_grace_period"].rstrip("s")) >= float(filled["DRAIN_SECONDS"]) + 5
    # Only the proxy can be reached from outside.
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = subprocess.run(
        [CHECKS / "bin" / "hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_dockerfile_copies_what_is_there_and_may_be_copied() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    sources = [
        source
        for line in DOCKERFILE.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert sources
    for source in sources:
        assert (PROJECT / source).exists(), source
        assert source.split("/")[0] in allowed, source


def test_the_image_runs_as_an_ordinary_user_and_says_how_it_is() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER 10001:10001$", last)
    assert "HEALTHCHECK" in last
    for secret in ("SECRET", "PASSWORD", "TOKEN"):
        assert secret not in DOCKERFILE


@pytest.mark.parametrize("name", ["CONVERSATION_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD"])
def test_no_secret_has_a_default(name: str) -> None:
    text = (DEPLOY / "compose.yml").read_text()
    assert f"${{{name}:?" in text
    assert f"\n{name}=\n" in (DEPLOY / "example.env").read_text()
    with pytest.raises(SettingsError):
        Settings.from_environment({"CONVERSATION_SECRET": "short"})


def test_the_proxy_sets_what_the_servers_trust() -> None:
    text = Path(DEPLOY / "nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert COMPOSE["services"]["worker-1"]["environment"]["TRUSTED_PROXIES"] == "1"
