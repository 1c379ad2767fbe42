"""What the interpreter holds while nothing else is handled."""

import asyncio
import gc
import json


def held():
    import pyodide_js

    gc.collect()
    module = pyodide_js._module
    return json.dumps(
        {
            "stack": module.stackSave(),
            "handles": module._hiwire_num_refs(),
            "tasks": len(asyncio.all_tasks()),
            "objects": len(gc.get_objects()),
            "memory": module.HEAPU8.length,
        }
    )
