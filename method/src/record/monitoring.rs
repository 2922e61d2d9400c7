//! Equality monitoring on the record: who was asked, what they answered, and whom the footprint holds.

use chrono::NaiveDate;

use crate::disclose;
use crate::json::structure;
use crate::values::{Count, Share};
use crate::words::Characteristic;

structure! {
    /// The totals of equality monitoring for one characteristic and year.
    pub struct MonitoringReturn by (characteristic, year) shown by disclose::shown_return {
        /// What was asked about.
        pub characteristic: Characteristic,
        /// The year, 1900 to 2199.
        pub year: u32,
        /// The day of the return.
        pub dated_on: NaiveDate,
        /// How many people did not say.
        pub not_stated: Count,
        /// How many people gave each answer.
        pub answers: Vec<Answer>,
    }
}

structure! {
    /// How many people gave one answer.
    pub struct Answer by (category) {
        /// The category that they chose.
        pub category: String,
        /// How many they were.
        pub count: Count,
    }
}

structure! {
    /// Why a characteristic is not monitored.
    pub struct MonitoringException by (characteristic) {
        /// The characteristic.
        pub characteristic: Characteristic,
        /// The reason.
        pub reason: String,
    }
}

structure! {
    /// What share of the residents is in a category.
    pub struct PopulationShare by (characteristic, category) {
        /// The characteristic.
        pub characteristic: Characteristic,
        /// The category of it.
        pub category: String,
        /// The share of all residents.
        pub share: Share,
    }
}
