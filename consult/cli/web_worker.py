"""The web worker: gunicorn's threads, fed with requests that have arrived whole.

One loop accepts connections and reads them without waiting for any; a request goes to a thread
when its last byte is there. So a slow line holds neither a thread nor a transaction, and the
instant at which a request's head arrived, which decides about deadlines, is the kernel's own mark
on the data where the system gives one: no queue in front of the threads makes anybody late.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportIncompatibleMethodOverride=false
# (gunicorn ships no types.)
from __future__ import annotations

import io
import selectors
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from consult.cli.incoming import Incoming
from consult.core.arrivals import ARRIVED, REFUSED, UnderWay, Watch

_SO_TIMESTAMPNS = 35  # of Linux; Python has no name for it
_TIMESPEC = struct.Struct("@qq")
_MARK = socket.CMSG_SPACE(_TIMESPEC.size)
# So many long bodies are taken in at the same time.
_MOST_LONG = 64
# How long the other side may take to close after the last answer.
_LINGER_SECONDS = 2.0
_TOO_LONG_HEAD = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"


def read(line: socket.socket, most: int) -> tuple[bytes, float]:
    """Return what has come and when the last of it came, in seconds of the Unix epoch."""
    data, marks, _flags, _address = line.recvmsg(most, _MARK)
    now = time.time()
    for level, kind, mark in marks:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(mark[: _TIMESPEC.size])
            return data, min(now, seconds + nanoseconds / 1e9)
    return data, now


class Gathered(SocketUnreader):
    """What gunicorn's parser reads from: the request that is there, never the line."""

    def __init__(self, line: socket.socket, incoming: Incoming) -> None:
        super().__init__(line)
        self.incoming, self.dry = incoming, False

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next part; after the end none, which the application must not ask for."""
        data = self.incoming.read(size_hint or self.mxchunk)
        self.dry = self.dry or not data
        return data


class Connection(TConn):
    """A connection, with the request that comes or is answered on it."""

    incoming: Incoming
    polled = False  # whether the loop is told when something comes
    left = b""  # what was read beyond the request: the next one's beginning


class Worker(ThreadWorker):
    """Reads in one loop, answers in threads, and tells closings what is under way."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._coming: dict[Connection, Incoming] = {}
        self._lingering: dict[Connection, float] = {}
        self._present = threading.local()
        self._under_way = UnderWay()
        self._done_until: float | None = None
        self._swept = 0.0
        self._most = 0

    def load_wsgi(self) -> None:
        """Have each request's environment say when it arrived."""
        super().load_wsgi()
        application: Any = self.wsgi
        self._most = application.config["MAX_CONTENT_LENGTH"]
        self._watch = Watch(application.app_context, lambda: self._done_until)

        def stamped(environ: dict[str, Any], start_response: Any) -> Any:
            incoming: Incoming = self._present.incoming
            environ[ARRIVED] = incoming.arrived
            if incoming.refused:
                environ[REFUSED], environ["CONTENT_LENGTH"] = incoming.refused, "0"
                environ["wsgi.input"] = io.BytesIO()
            return application(environ, start_response)

        self.wsgi: Any = stamped

    def run(self) -> None:
        """Serve until told to stop."""
        # The loop shall not wait long for threads that compute, or data would lie unmarked.
        sys.setswitchinterval(0.001)
        for listener in self.sockets:
            try:
                listener.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            except OSError:
                self.log.warning("This system does not mark when data arrive; the loop does.")
        self._watch.start()
        try:
            super().run()
        finally:
            with suppress(Exception):  # a row that stays is dead in a minute
                self._watch.stop()

    # --- reading ------------------------------------------------------------------------------

    def accept(self, listener: Any) -> None:
        """Take all connections that wait, and what they have brought."""
        while self.nr_conns < self.worker_connections:
            try:
                line, address = listener.accept()
            except OSError:  # no more of them, or no more descriptors
                return
            self.nr_conns += 1
            self._expect(Connection(self.cfg, line, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """Take the next request of a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._expect(conn)

    def _expect(self, conn: Connection, left: bytes = b"") -> None:
        """Begin a request, with what was ``left`` over when the last one was read."""
        conn.incoming = self._coming[conn] = Incoming(self._most, time.monotonic())
        if left:
            self._take(conn, left, time.time())
        else:
            self._readable(conn, conn.sock)
        if conn in self._coming:  # not all of it was there
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))
            conn.polled = True

    def _readable(self, conn: Connection, line: socket.socket) -> None:
        try:
            data, at = read(line, conn.incoming.wanted)
        except BlockingIOError:
            return
        except OSError:
            data, at = b"", 0.0
        if data:
            self._take(conn, data, at)
        else:
            self._drop(conn)

    def _take(self, conn: Connection, data: bytes, at: float) -> None:
        incoming = conn.incoming
        before = incoming.arrived
        try:
            incoming.feed(data, at, time.monotonic())
            if incoming.long and before is None and self._long() > _MOST_LONG:
                incoming.refuse(503)
        except OSError:
            incoming.refuse(503)
        if incoming.refused == 431:
            self._say(conn, _TOO_LONG_HEAD)
            self._drop(conn)
            return
        if before is None and incoming.arrived is not None:
            if incoming.writing:
                self._under_way.begin(conn, incoming.arrived)
            if incoming.expects and not incoming.whole:
                self._say(conn, b"HTTP/1.1 100 Continue\r\n\r\n")
        if incoming.whole:
            self._hand_over(conn)

    def _long(self) -> int:
        return sum(incoming.long for incoming in self._coming.values())

    def _say(self, conn: Connection, words: bytes) -> None:
        with suppress(OSError):  # whoever does not listen does without
            conn.sock.send(words)

    def _hand_over(self, conn: Connection) -> None:
        self._gathered(conn).rewind()
        conn.data_ready = True
        self.enqueue_req(conn)

    def _gathered(self, conn: Connection) -> Incoming:
        if conn.polled:
            self.poller.unregister(conn.sock)
            conn.polled = False
        return self._coming.pop(conn)

    def _drop(self, conn: Connection) -> None:
        self._gathered(conn).close()
        self._under_way.end(conn)
        self.nr_conns -= 1
        conn.close()

    # --- answering ----------------------------------------------------------------------------

    def handle(self, conn: Connection) -> bool:
        """Answer one request; in a thread. Return whether the connection is kept."""
        incoming = conn.incoming
        self._present.incoming = incoming
        conn.init()
        unreader: Any = Gathered(conn.sock, incoming)
        parser: Any = conn.parser
        parser.unreader = unreader
        # Where the next request begins is not known when this one was not taken in whole.
        kept = super().handle(conn) and not unreader.dry and not incoming.refused
        conn.left = unreader.take_buffered() + incoming.rest() if kept else b""
        incoming.close()
        return bool(kept)

    def finish_request(self, conn: Connection, future: Any) -> None:
        """Keep the connection for its next request, or close it; in the loop."""
        self._under_way.end(conn)
        kept = not future.cancelled() and future.exception() is None and future.result()
        conn.sock.setblocking(False)
        if not kept:
            self._linger(conn)
        elif conn.left:
            self._expect(conn, conn.left)
        else:
            super().finish_request(conn, future)

    def _linger(self, conn: Connection) -> None:
        """Wait, without waiting in the loop, until the other side has read the answer."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._lingers, conn))
        except (OSError, ValueError):
            self._leave(conn)
        else:
            self._lingering[conn] = time.monotonic() + _LINGER_SECONDS

    def _lingers(self, conn: Connection, line: socket.socket) -> None:
        try:
            gone = not line.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._end_lingering(conn)

    def _end_lingering(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self._lingering[conn]
        self._leave(conn)

    def _leave(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    # --- the loop -----------------------------------------------------------------------------

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Do what has come; then all heads that were there before are known."""
        before = time.time()
        super().wait_for_and_dispatch_events(timeout)
        if self.accepting:
            oldest = self._under_way.oldest()
            self._done_until = before if oldest is None else min(before, oldest)
        now = time.monotonic()
        if now - self._swept >= 1:
            self._swept = now
            self._sweep(now)

    @property
    def accepting(self) -> bool:
        """Whether connections are accepted now, so that none waits unread."""
        return bool(getattr(self, "_accepting", False))

    def _sweep(self, now: float) -> None:
        """End what takes too long; when stopping, what has not begun."""
        for conn, incoming in list(self._coming.items()):
            if incoming.until > now and (self.alive or not incoming.empty):
                continue
            if incoming.arrived is None:
                self._drop(conn)
            else:
                incoming.refuse(408)
                self._hand_over(conn)
        for conn in [conn for conn, until in self._lingering.items() if until <= now]:
            self._end_lingering(conn)
