//! RFC 3339 with nanoseconds, UTC, by hand: `2006-01-02T15:04:05.999999999Z`.

use super::digits;

const NS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// Without the fraction: `2006-01-02T15:04:05.`.
const WHOLE_LEN: usize = 20;
/// The fraction, and the `Z`.
const FRACTION: [u8; 10] = *b"000000000Z";

/// Writes times; the events of a batch mostly share their second, so its text is kept.
#[derive(Debug, Default)]
pub(super) struct TimeWriter {
    second: Option<i64>,
    text: [u8; WHOLE_LEN],
}

impl TimeWriter {
    /// Appends the time that is so many nanoseconds after 1970.
    #[inline]
    pub(super) fn append(&mut self, out: &mut Vec<u8>, unix_ns: i64) {
        let second = unix_ns.div_euclid(NS_PER_SECOND);
        if self.second != Some(second) {
            self.text = whole_second(second);
            self.second = Some(second);
        }
        out.extend_from_slice(&self.text);
        out.extend_from_slice(&FRACTION);
        if let Some([digits @ .., _]) = out.last_chunk_mut::<{ FRACTION.len() }>() {
            digits::write_nine(digits, unix_ns.rem_euclid(NS_PER_SECOND).unsigned_abs());
        }
    }
}

fn whole_second(unix_seconds: i64) -> [u8; WHOLE_LEN] {
    let (year, month, day) = civil(unix_seconds.div_euclid(SECONDS_PER_DAY));
    let second = unix_seconds.rem_euclid(SECONDS_PER_DAY);
    let mut text = *b"0000-00-00T00:00:00.";
    digits(&mut text[0..4], year);
    digits(&mut text[5..7], month);
    digits(&mut text[8..10], day);
    digits(&mut text[11..13], second / 3_600);
    digits(&mut text[14..16], second / 60 % 60);
    digits(&mut text[17..19], second % 60);
    text
}

/// Writes `value` into all of `place`, with leading zeros.
fn digits(place: &mut [u8], mut value: i64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar (Howard Hinnant's `civil_from_days`:
/// the year begins in March, so that the leap day is its last).
fn civil(unix_day: i64) -> (i64, i64, i64) {
    const DAYS_PER_ERA: i64 = 146_097;
    const DAYS_FROM_YEAR_0: i64 = 719_468;
    let day = unix_day + DAYS_FROM_YEAR_0;
    let (era, day_of_era) = (day.div_euclid(DAYS_PER_ERA), day.rem_euclid(DAYS_PER_ERA));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        let mut writer = TimeWriter::default();
        for (unix_ns, expected) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (-NS_PER_SECOND, "1969-12-31T23:59:59.000000000Z"),
            (
                951_782_400 * NS_PER_SECOND,
                "2000-02-29T00:00:00.000000000Z",
            ),
            (
                1_078_012_800 * NS_PER_SECOND,
                "2004-02-29T00:00:00.000000000Z",
            ),
            (1_136_214_245_999_999_999, "2006-01-02T15:04:05.999999999Z"),
            (
                1_709_164_800 * NS_PER_SECOND,
                "2024-02-29T00:00:00.000000000Z",
            ),
            (
                1_735_689_599 * NS_PER_SECOND + 5,
                "2024-12-31T23:59:59.000000005Z",
            ),
            (
                4_107_542_400 * NS_PER_SECOND,
                "2100-03-01T00:00:00.000000000Z",
            ),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (i64::MIN, "1677-09-21T00:12:43.145224192Z"),
        ] {
            let mut text = Vec::new();
            writer.append(&mut text, unix_ns);
            assert_eq!(String::from_utf8_lossy(&text), expected);
        }
    }

    #[test]
    fn the_last_second_of_9999() {
        assert_eq!(&whole_second(253_402_300_799), b"9999-12-31T23:59:59.");
    }
}
