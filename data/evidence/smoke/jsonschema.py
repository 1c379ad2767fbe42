import jsonschema
assert [error.validator for error in jsonschema.Draft202012Validator({"type": "integer"}).iter_errors("a")] == ["type"]
