/** The result for an object that is asked about many times. */
export function remembered<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (!value) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}
