"""A mail server for tests, which can die while it takes a letter."""

import socket
from email import message_from_bytes, policy
from email.message import Message
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class MailServer(ThreadingTCPServer):
    """Speaks as much SMTP as a client needs, at `port`, while it lives. It dies after `lives_for` letters.

    The last of them it has got and never says so: who sent it can't know.
    """

    allow_reuse_address = True

    def __init__(self, port: int, lives_for: int | None = None) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.letters: list[Message] = []
        self.lives_for = lives_for
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def take(self, letter: bytes) -> bool:
        """Whether it lives to say that it has a letter."""
        self.letters.append(message_from_bytes(letter, policy=policy.default))
        if len(self.letters) != self.lives_for:
            return True
        self.socket.shutdown(socket.SHUT_RDWR)
        self.server_close()
        return False


class Conversation(StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 tests")
        for command in self.rfile:
            verb = command[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                if not self.server.take(letter):
                    return
            self.say("221 bye" if verb == b"QUIT" else "250 yes")
