"""`gongkai keys`: the master key is put in escrow, proved, confirmed, rotated under running programs, and restored."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from shared.kernel.identity import fresh_id
from shared.settings import Settings
from shared.trust import setup
from shared.trust.cli import keys as app
from shared.trust.escrow import SHARES
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError
from shared.trust.personal import Personal

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Runs `gongkai keys …` on the platform of this worker."""

    def command(*arguments: object, fails: bool = False) -> Result:
        result = CliRunner().invoke(app, [*map(str, arguments), "--data", str(settings.data)], catch_exceptions=False)
        assert result.exit_code == (2 if fails else 0), result.output
        return result

    return command


@pytest.fixture
def shares(settings: Settings, run: Run) -> tuple[Path, Path]:
    """Two fresh shares."""
    run("escrow", "make")
    first, second = (setup.escrow_directory(settings) / name for name in SHARES)
    return first, second


def sealed(keys: Keys, text: str) -> Personal:
    event_id = fresh_id()
    return Personal.sealed(keys.seal(keys.take("rotation"), event_id, "name", "t:1", text), event_id, "name", "t:1")


def test_a_new_platform_gets_a_master_key_in_escrow(settings: Settings) -> None:
    assert setup.set_up(settings).versions == MasterKey.load(settings.master_key_path).versions


def test_it_warns_until_the_escrow_is_confirmed(run: Run, shares: tuple[Path, Path]) -> None:
    assert "尚未确认托管" in run("status").output
    assert "能恢复现用的主密钥" in run("escrow", "verify").output
    run("escrow", "confirm", "--note", "保管人甲、乙，分存两处")
    assert "已托管：保管人甲、乙，分存两处" in run("status").output
    assert not shares[0].exists(), "the custodians have them now"


def test_shares_of_another_key_are_refused(run: Run, shares: tuple[Path, Path], tmp_path: Path, settings: Settings) -> None:
    from shared.trust.escrow import write_shares

    write_shares(MasterKey.create(tmp_path / "other.key"), tmp_path / "escrow")
    others = [tmp_path / "escrow" / name for name in SHARES]
    before = settings.master_key_path.read_text(encoding="ascii")
    assert "不是现在使用的" in run("escrow", "verify", *others, fails=True).output
    assert "套号" in run("escrow", "verify", shares[0], others[1], fails=True).output
    assert "与数据不符" in run("restore", *others, fails=True).output
    assert settings.master_key_path.read_text(encoding="ascii") == before


def test_a_lost_master_key_is_restored_from_its_shares(run: Run, shares: tuple[Path, Path], settings: Settings, keys: Keys) -> None:
    value = sealed(keys, "张三")
    settings.master_key_path.rename(settings.master_key_path.with_name("lost"))
    with pytest.raises(MasterKeyError):
        setup.set_up(settings)
    assert "找不到主密钥文件" in run("status", fails=True).output
    run("restore", *shares)
    again = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path), block=8)
    assert again.show(value) == "张三"
    again.close()


def test_rotation_changes_no_token_and_stops_no_program(run: Run, settings: Settings, keys: Keys) -> None:
    before = [sealed(keys, f"第{number}人") for number in range(3)]
    oldest = min(MasterKey.load(settings.master_key_path).versions)
    newest = MasterKey.load(settings.master_key_path).newest + 1
    other = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path), block=4)
    assert "已轮换" in run("rotate").output
    with psycopg.connect(settings.dsn("keys", role="gongkai_keys")) as connection:
        wrapped_under = connection.execute("SELECT DISTINCT kek FROM person_key WHERE wrapped IS NOT NULL").fetchall()
    assert wrapped_under == [(newest,)]
    assert other.open_many(before) == ["第0人", "第1人", "第2人"], "it reads the file again by itself"
    after = [sealed(keys, "新来的") for _ in range(keys.block + 1)]
    assert other.open_many(after[-1:]) == ["新来的"]
    assert "尚未确认托管" in run("status").output
    assert "能恢复" in run("escrow", "verify").output

    assert f"第 {oldest}" in run("retire").output
    assert list(MasterKey.load(settings.master_key_path).versions) == [newest]
    assert "没有可删去的" in run("retire").output
    late = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path), block=4)
    assert late.show_many([*before, after[0]]) == ["第0人", "第1人", "第2人", "新来的"]
    late.close()
    other.close()


def test_a_rotation_that_was_interrupted_goes_on(run: Run, settings: Settings, keys: Keys) -> None:
    value = sealed(keys, "张三")
    MasterKey.load(settings.master_key_path).rotated().store(settings.master_key_path)
    newest = MasterKey.load(settings.master_key_path).newest
    with pytest.raises(MasterKeyError, match="请先完成轮换"):
        setup.retire(settings)
    run("rotate")
    assert MasterKey.load(settings.master_key_path).newest == newest, "no further version was made"
    again = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path), block=8)
    assert again.show(value) == "张三"
    again.close()
    run("retire")


def test_a_directory_without_a_platform_is_said_to_be_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status", "--data", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "没有数据目录" in result.output
