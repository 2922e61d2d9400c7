//! The few shapes that the tables are built of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer_null, text_null};

/// A number of people: the interval it means, and the words as they were written.
pub fn count(table: &mut TableCreateStatement, name: &str) {
    table.col(integer_null(format!("{name}_low")));
    table.col(integer_null(format!("{name}_high")));
    table.col(text_null(format!("{name}_words")));
}

/// A primary key of several columns.
pub fn primary(table: &mut TableCreateStatement, columns: &[&'static str]) {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    table.primary_key(&mut key);
}

/// A column that holds the key of a row elsewhere.
pub fn reference(
    table: &mut TableCreateStatement,
    column: &'static str,
    other: &'static str,
    key: &'static str,
    on_delete: ForeignKeyAction,
) {
    let mut reference = ForeignKey::create();
    reference.from_col(column).to(other, key).on_delete(on_delete);
    table.foreign_key(&mut reference);
}

/// An index over the columns, in this order.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    manager.create_index(named(table, columns)).await
}

/// An index over the columns that no two rows may share.
pub async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    manager.create_index(named(table, columns).unique().to_owned()).await
}

/// Drops the tables, in this order.
pub async fn drop(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}

fn named(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("idx_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
