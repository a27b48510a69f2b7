"""Where kfp up to 2.0 and 1.8 kept its runtime; the same modules under their older names."""
