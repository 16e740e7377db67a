"""How far each question is from streaming the columns that it reads, measured side by side in one process."""
