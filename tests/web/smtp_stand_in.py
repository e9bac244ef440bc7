"""A mail server of the tests: speaks just enough SMTP on 127.0.0.1, and keeps what it took."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class StandIn(socketserver.ThreadingTCPServer):
    """Takes letters; `answer` is said to each, and `holds` keeps it from answering at all."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.answer_to_recipient = "250 ok"
        self.taken = threading.Event()
        self.drops = False  # takes the letter, then breaks the line before it says so

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.shutdown()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    server: StandIn
    timeout = 20

    def handle(self) -> None:
        self.say("220 stand-in")
        while line := self.rfile.readline(2000):
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.say("354 go on")
                if not self.letter():
                    return
            elif word == b"RCPT":
                self.say(self.server.answer_to_recipient)
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def letter(self) -> bool:
        lines = []
        while (line := self.rfile.readline(2000)) not in (b".\r\n", b""):
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.server.taken.set()
        if self.server.drops:
            return False
        self.say("250 taken")
        return True

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
