"""The national annual report (国办公开办函〔2021〕30号): its numbers by replay of the ledger, its checks, the events behind each cell, its documents."""
