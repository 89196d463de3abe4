"""What is read of English text: one recogniser a phenomenon, used by verifiers, perturbations and suggestions."""
