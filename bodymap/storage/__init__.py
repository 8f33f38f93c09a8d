"""The record on disk: transactions, statements, migrations.

`Database` runs work in transactions; `sessions` and `receipts` are the work; `migrations` makes and renews the tables.
"""
