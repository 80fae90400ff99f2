"""Outgoing webhooks: changes are turned into deliveries, and deliveries are sent until they arrive.

Rows are the queue, as everywhere: an endpoint is worked at by one process at a time under a lease, and whoever dies
leaves rows that are due. What arrives, arrives at least once, and in order for each object.
"""
