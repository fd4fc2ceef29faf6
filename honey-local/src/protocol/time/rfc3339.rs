//! RFC 3339, read by hand and strictly.

/// The seconds of a day.
const DAY_S: i64 = 86_400;

/// Nanoseconds since the epoch of `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`.
///
/// Digits of the fraction beyond the ninth are cut. A leap second (`:60`) is read where there can be one, in the
/// last minute of a UTC day, and is the second that follows, since Unix time has no place for it.
pub(crate) fn read(text: &str) -> Option<i128> {
    let mut rest = Rest(text.as_bytes());
    let (year, month, day) = (rest.number(4)?, rest.after(b"-", 2)?, rest.after(b"-", 2)?);
    let (hour, minute, second) = (
        rest.after(b"Tt", 2)?,
        rest.after(b":", 2)?,
        rest.after(b":", 2)?,
    );
    let fraction_ns = rest.fraction()?;
    let offset_s = rest.offset()?;

    let valid = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60;
    if !valid || !rest.0.is_empty() {
        return None;
    }
    let minute_s =
        days_from_epoch(year, month, day) * DAY_S + hour * 3_600 + minute * 60 - offset_s;
    let last_of_day = minute_s.rem_euclid(DAY_S) == DAY_S - 60;
    if second > 60 || (second == 60 && !last_of_day) {
        return None;
    }
    Some(i128::from(minute_s + second) * 1_000_000_000 + i128::from(fraction_ns))
}

/// A time in UTC, with nanoseconds.
pub(crate) fn write(time_ns: i64) -> String {
    let (seconds, fraction_ns) = (
        time_ns.div_euclid(1_000_000_000),
        time_ns.rem_euclid(1_000_000_000),
    );
    let (days, second) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let (year, month, day) = date_of(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction_ns:09}Z")
}

/// The digits after a decimal point as nanoseconds.
pub(crate) fn nanoseconds_of_fraction(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nine = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(nine.fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let value = |value, digit: &u8| {
            digit
                .is_ascii_digit()
                .then(|| value * 10 + i64::from(digit - b'0'))
        };
        number.iter().try_fold(0, value)
    }

    /// One of `separators`, then a number.
    fn after(&mut self, separators: &[u8], digits: usize) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        if separators.contains(first) {
            self.number(digits)
        } else {
            None
        }
    }

    fn fraction(&mut self) -> Option<i64> {
        let Some(digits) = self.0.strip_prefix(b".") else {
            return Some(0);
        };
        let length = digits
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = digits.split_at(length);
        self.0 = rest;
        nanoseconds_of_fraction(std::str::from_utf8(digits).ok()?)
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.split_first()? {
            (b'Z' | b'z', rest) => {
                self.0 = rest;
                return Some(0);
            }
            (b'+', _) => 1,
            (b'-', _) => -1,
            _ => return None,
        };
        let (hours, minutes) = (self.after(b"+-", 2)?, self.after(b":", 2)?);
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, so that the leap
/// day is its last; 146,097 days make an era of 400 years.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date that is so many days after 1970-01-01: the inverse of [`days_from_epoch`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{days_from_epoch, read, write};

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(
            write(1_136_214_245_990_000_000),
            "2006-01-02T15:04:05.990000000Z"
        );
        assert_eq!(write(-1), "1969-12-31T23:59:59.999999999Z");
        for time_ns in (i64::MIN..i64::MAX).step_by(98_765_432_109_876_543) {
            assert_eq!(read(&write(time_ns)), Some(i128::from(time_ns)));
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in -720_000..2_933_000 {
            let (year, month, day) = super::date_of(days);
            assert_eq!(days_from_epoch(year, month, day), days);
        }
    }

    #[test]
    fn times() {
        for (text, seconds, nanoseconds) in [
            ("1970-01-01T00:00:00Z", 0_i64, 0),
            ("2006-01-02T15:04:05.99Z", 1_136_214_245, 990_000_000),
            ("2006-01-02T15:04:05.999999999Z", 1_136_214_245, 999_999_999),
            (
                "2006-01-02T15:04:05.9999999999999Z",
                1_136_214_245,
                999_999_999,
            ),
            ("2006-01-02t15:04:05.1z", 1_136_214_245, 100_000_000),
            ("2006-01-02T15:04:05-07:00", 1_136_239_445, 0),
            ("2006-01-02T15:04:05+05:30", 1_136_194_445, 0),
            ("2006-01-02T15:04:05-00:00", 1_136_214_245, 0),
            ("2000-02-29T12:00:00Z", 951_825_600, 0),
            ("2024-02-29T00:00:00Z", 1_709_164_800, 0),
            ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
            ("0000-01-01T00:00:00Z", -62_167_219_200, 0),
        ] {
            let expected = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn leap_seconds_only_where_they_can_be() {
        assert_eq!(read("2016-12-31T23:59:60Z"), read("2017-01-01T00:00:00Z"));
        assert_eq!(
            read("2017-01-01T05:29:60+05:30"),
            read("2017-01-01T00:00:00Z")
        );
        assert_eq!(read("2016-12-31T23:58:60Z"), None);
        assert_eq!(read("2016-12-31T23:59:60+01:00"), None);
        assert_eq!(read("2016-12-31T23:59:61Z"), None);
    }

    #[test]
    fn what_is_no_rfc_3339() {
        for text in [
            "",
            "2006",
            "2006-01-02",
            "2006-01-02T15:04:05",
            "2006-01-02 15:04:05Z",
            "2006-01-02T15:04Z",
            "2006-01-02T15:04:05.Z",
            "2006-01-02T15:04:05,5Z",
            "2006-01-02T15:04:05+0700",
            "2006-01-02T15:04:05+24:00",
            "2006-01-02T15:04:05+07:60",
            "2006-01-02T24:00:00Z",
            "2006-01-02T15:60:00Z",
            "2006-13-01T00:00:00Z",
            "2006-00-01T00:00:00Z",
            "2006-01-00T00:00:00Z",
            "2006-01-32T00:00:00Z",
            "2006-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2006-04-31T00:00:00Z",
            "2006-01-02T15:04:05ZZ",
            "2006-01-02T15:04:05Z ",
            " 2006-01-02T15:04:05Z",
            "206-01-02T15:04:05Z",
            "2006-1-2T15:04:05Z",
            "+006-01-02T15:04:05Z",
            "２006-01-02T15:04:05Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
