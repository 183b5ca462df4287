"""Tables, charts and report blocks rendered to HTML, PDF and workbooks."""
