"""From upstream to rows: fetch → parse → normalise → compare → store, streamed in batches, memory flat.

``schedule`` decides what is due, ``pipeline`` drives one run, ``endings`` says what its end means for the source,
``intake`` turns documents into pending rows, ``decide`` says what a record calls for (pure), ``store`` writes rows with
their ``parts``, ``withdrawal`` settles what is absent, ``quarantine`` keeps what could not be mapped and ``replay``
tries it again, ``leases`` keeps two workers from writing for one provider, ``notices`` tell the operator.
"""
