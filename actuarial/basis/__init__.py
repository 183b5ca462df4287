"""What is read: tables, schemes, instruments and scenarios, validated once into immutable objects."""
