"""A database that hangs makes a server give up on messages whose first copy is stored when the second one comes."""

from collections.abc import Callable

from benchmarks import chaos
from benchmarks.cluster import running_cluster


async def test_nothing_is_lost_or_doubled_while_the_database_hangs_again_and_again(need: Callable[..., None]) -> None:
    need("postgres", "nginx")
    settings = {"MESSAGE_TIMEOUT_SECONDS": "1"}
    with running_cluster(1, 0, redis=False, rabbitmq=False, settings=settings) as cluster:
        seen = await chaos.hangs(cluster, clients=20, times=4, seconds=1.4)
    assert seen.problems == []
    assert seen.statuses["503"], "the server gave up on messages"
    assert all(seen.acknowledged.values())
