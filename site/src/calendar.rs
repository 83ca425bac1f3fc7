//! Dates as readers write them.

use jiff::civil::Date;

/// The months by name.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date with its month by name.
///
/// ```
/// assert_eq!(site::calendar::long_date(jiff::civil::date(2026, 11, 21)), "21 November 2026");
/// ```
pub fn long_date(date: Date) -> String {
    format!("{} {} {}", date.day(), MONTHS[date.month() as usize - 1], date.year())
}

/// A date of the form `2026-11-21` with its month by name; other words as they are.
///
/// ```
/// assert_eq!(site::calendar::day("2026-11-21"), "21 November 2026");
/// assert_eq!(site::calendar::day("in spring"), "in spring");
/// ```
pub fn day(written: &str) -> String {
    written.parse().map_or_else(|_| written.to_owned(), long_date)
}
