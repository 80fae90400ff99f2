"""The parts behind `aggregator.http` and `aggregator.readers`.

Everybody else imports those two modules, not this package: here are the fault codes, the redaction of URLs,
the checked sockets, the decoding of bodies and the mending of text.
"""
