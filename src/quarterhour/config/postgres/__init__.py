"""An embedded PostgreSQL: found, made, started and stopped by us, reached by a Unix socket only."""
