"""The record on disk: transactions, statements, migrations.

`Database` runs work in transactions; `sessions` and `receipts` are the work; `steps` make and renew the tables.
"""
