"""From upstream to rows: fetch → parse → normalise → compare → store, streamed in batches, memory flat.

``schedule`` decides what is due, ``pipeline`` drives one run, ``intake`` turns documents into pending rows,
``decide`` says what a record calls for (pure), ``store`` writes, ``withdrawal`` settles what is absent,
``quarantine`` keeps what could not be mapped, ``leases`` keeps two workers from writing for one provider.
"""
