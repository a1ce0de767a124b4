from ops.leash import environment


def test_a_part_sees_its_own_secrets_and_no_others() -> None:
    whole = {"BOT_TOKEN": "b", "TICKETING_DATA_KEY": "t", "LAMPLIGHTER_HOME": "/x", "PATH": "/bin", "AWS_KEY": "no"}
    assert environment(whole, ("BOT_",)) == {"BOT_TOKEN": "b", "LAMPLIGHTER_HOME": "/x", "PATH": "/bin"}


def test_the_supervisor_sees_everything() -> None:
    whole = {"A": "1", "B": "2"}
    assert environment(whole, ("*",)) == whole
