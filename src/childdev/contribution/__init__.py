"""How things come into the model: tables, and the changes made of them."""
