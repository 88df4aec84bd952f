"""How a Swedish ear is made and measured: one module for each step."""
