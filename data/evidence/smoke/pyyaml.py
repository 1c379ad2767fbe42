import yaml
assert yaml.safe_load("a: [1, {b: yes}]") == {"a": [1, {"b": True}]}
