"""What users hold in their hands: derivative objects, the kinds of derivative, and what is told of them."""
