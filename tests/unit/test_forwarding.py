from guava.forwarding import Begun


class Source:
    """Chunks that note what they are told."""

    def __init__(self):
        self.told = []
        self.chunks = iter(["a", None, b"b"])

    def __next__(self):
        return next(self.chunks)

    def finish(self):
        self.told.append("finish")

    def close(self):
        self.told.append("close")


def test_a_chunk_comes_before_the_others():
    assert list(Begun(b"first", Source())) == [b"first", "a", None, b"b"]


def test_the_others_are_told_what_a_stream_is():
    source = Source()
    begun = Begun(b"first", source)
    begun.finish()
    begun.close()
    assert source.told == ["finish", "close"]


def test_they_may_do_without():
    begun = Begun(b"first", iter(()))
    begun.finish()
    begun.close()
