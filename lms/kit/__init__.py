"""What needs neither Flask nor a database: words, days, money, figures, charts, documents."""
