import io
from rich.console import Console
console = Console(file=io.StringIO(), width=20)
console.print("[bold]hi[/bold]")
assert console.file.getvalue() == "hi\n"
