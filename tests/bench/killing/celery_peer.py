def run(*, orders, kills):
    return {}
