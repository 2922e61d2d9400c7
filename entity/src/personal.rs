//! Columns that hold personal data. Erasure, subject access and the masks of the logs work from this list.

/// Every (table, column) that holds personal data.
pub const PERSONAL: &[(&str, &str)] = &[
    ("users", "email"),
    ("users", "name"),
    ("stakeholders", "name"),
    ("stakeholders", "email"),
    ("stakeholders", "notes"),
    ("stakeholders", "role"),
    ("stakeholders", "evidence"),
    // A list of stakeholders on its way in; emptied once it is accepted.
    ("imports", "file"),
    ("import_rows", "draft"),
    ("import_rows", "source"),
    ("stakeholders", "search"),
    // An office, and whoever is written in its place.
    ("representatives", "office"),
    ("representatives", "note"),
    // A spreadsheet that waits to be accepted.
    ("sheets", "file"),
    // Words to look for, which may be somebody's name.
    ("audiences", "query"),
    ("suppressions", "address"),
    ("deliveries", "address"),
    ("deliveries", "display_name"),
    ("deliveries", "merge"),
    ("deliveries", "server_answer"),
    // Who signed a ledger off, and the ledger as it stood then.
    ("mailing_sign_offs", "signer_name"),
    ("mailing_sign_offs", "note"),
    ("mailing_proofs", "snapshot"),
    ("mailing_proofs", "pdf"),
    ("digests", "server_answer"),
    // The public's, never in the journal: who gets alerts is part of no record.
    ("alerts", "address"),
    ("alert_sign_ups", "address"),
    ("alert_mails", "server_answer"),
    ("incoming_mails", "sender"),
    ("incoming_mails", "subject"),
    ("incoming_mails", "body_text"),
    ("incoming_mails", "detail"),
    // What an invited person said, and of what they need to take part.
    ("invitation_answers", "address"),
    ("invitation_answers", "answer"),
    ("invitation_answers", "support"),
];

/// Whether the column holds personal data.
pub fn is_personal(table: &str, column: &str) -> bool {
    PERSONAL.contains(&(table, column))
}
