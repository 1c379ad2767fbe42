import datetime
import pytz
assert pytz.timezone("Europe/Berlin").utcoffset(datetime.datetime(2025, 7, 1)).seconds == 7200
