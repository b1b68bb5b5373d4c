"""`quarterhour demo --fresh`: nothing of the town before is left."""

from quarterhour.config.cli import demo


def test_mails_of_a_town_that_is_gone_go_with_it(tmp_path):
    (tmp_path / "1.eml").write_text("a letter with a link")
    (tmp_path / "notes.txt").write_text("somebody's own")
    demo._empty_the_post_office(tmp_path)
    demo._empty_the_post_office(tmp_path / "not there")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
