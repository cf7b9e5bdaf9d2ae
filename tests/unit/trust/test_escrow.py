"""The master key, and its escrow: two shares restore it, one tells nothing, and a slip of the pen is found in its line."""

import stat
from pathlib import Path

import pytest

from shared.trust.escrow import SHARES, Share, join, read_shares, split, write_shares
from shared.trust.master import MasterKey, MasterKeyError


@pytest.fixture
def master(tmp_path: Path) -> MasterKey:
    return MasterKey.create(tmp_path / "master.key")


def test_its_file_is_for_its_owner_alone_and_never_overwritten(master: MasterKey, tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        MasterKey.create(path)
    assert MasterKey.load(path).versions == master.versions


def test_storing_it_leaves_no_moment_without_it(master: MasterKey, tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    (tmp_path / "master.key.new").write_text("left by a crash", encoding="ascii")
    master.rotated().store(path)
    assert sorted(MasterKey.load(path).versions) == [1, 2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "1 zz\n", "1 abcd\n", f"x {'0' * 64}\n", "公开"])
def test_a_broken_file_is_said_to_be_one_without_repeating_it(content: str, tmp_path: Path) -> None:
    (tmp_path / "broken").write_text(content, encoding="utf-8")
    with pytest.raises(MasterKeyError, match="恢复") as caught:
        MasterKey.load(tmp_path / "broken")
    assert "abcd" not in str(caught.value)


def test_a_missing_file_names_the_way_back(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError, match="gongkai keys restore"):
        MasterKey.load(tmp_path / "none")


def test_keys_are_wrapped_by_the_newest_and_unwrapped_by_all(master: MasterKey) -> None:
    old = master.wrap(b"k" * 32)
    rotated = master.rotated()
    assert rotated.unwrap(1, old) == b"k" * 32
    assert rotated.unwrap(2, rotated.wrap(b"n" * 32)) == b"n" * 32
    with pytest.raises(MasterKeyError):
        rotated.unwrap(2, old)
    with pytest.raises(MasterKeyError):
        rotated.newest_only().unwrap(1, old)


def test_two_shares_restore_it(master: MasterKey, tmp_path: Path) -> None:
    both = master.rotated()
    write_shares(both, tmp_path / "escrow")
    first, second = (tmp_path / "escrow" / name for name in SHARES)
    assert read_shares(first, second).versions == both.versions
    assert read_shares(second, first).versions == both.versions
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700


def test_one_share_alone_tells_nothing(master: MasterKey) -> None:
    for share in split(master):
        assert master.versions[1] not in share.content
        assert master.versions[1].hex() not in share.text().replace(" ", "")
    assert split(master)[0].content != split(master)[0].content


def test_a_typed_share_may_have_other_spacing(master: MasterKey) -> None:
    first, second = split(master)
    typed = "\r\n".join(f"  {line} " if "[" in line else line for line in first.text().replace("\n", "\r\n").splitlines())
    assert join(Share.read(typed.replace("\r", "")), second).versions == master.versions


def test_a_slip_is_found_in_its_line(master: MasterKey) -> None:
    lines = split(master)[0].text().splitlines()
    wrong = next(number for number, line in enumerate(lines) if line.startswith("02 "))
    lines[wrong] = lines[wrong][:3] + ("0" if lines[wrong][3] != "0" else "1") + lines[wrong][4:]
    with pytest.raises(MasterKeyError, match="第 2 行有误"):
        Share.read("\n".join(lines))


def test_a_line_left_out_or_exchanged_is_found(master: MasterKey) -> None:
    lines = split(master)[1].text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("01 "))
    last = next(number for number, line in enumerate(lines) if line.startswith("共"))
    with pytest.raises(MasterKeyError, match="应有"):
        Share.read("\n".join(lines[: last - 1] + lines[last:]))
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    with pytest.raises(MasterKeyError, match="有误"):
        Share.read("\n".join(lines))


def test_shares_that_do_not_belong_together_are_refused(master: MasterKey) -> None:
    first, second = split(master)
    with pytest.raises(MasterKeyError, match="套号"):
        join(first, split(master)[1])
    with pytest.raises(MasterKeyError, match="同一份额"):
        join(first, first)
    with pytest.raises(MasterKeyError, match="完整"):
        Share.read("不是份额")
    assert second.content.hex() not in repr(second)
