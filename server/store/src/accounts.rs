//! People, their sign-ins, and the workspaces they belong to.

use cavuer_protocol::{Secret, Timestamp, UserId, WorkspaceId};

use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError};

/// A person with a first workspace, ready to be stored.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The one member that the workspace begins with.
    pub user: UserRecord,
    /// Their first one.
    pub workspace: WorkspaceRecord,
    /// Of the person and of the workspace.
    pub created_at: Timestamp,
    /// Refuse it unless nobody has an account yet.
    pub only_as_first: bool,
}

/// A person who can sign in.
#[derive(Clone, Debug)]
pub struct UserRecord {
    /// Names the person in sessions, memberships and uploads.
    pub id: UserId,
    /// What visitors see when the person writes to them.
    pub name: String,
    /// In lower case.
    pub email: String,
    /// argon2id, as a PHC string.
    pub password_hash: Secret,
}

/// A workspace: the tenant that owns everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceRecord {
    /// Names it everywhere.
    pub id: WorkspaceId,
    /// As its members call it.
    pub name: String,
}

/// What became of a [`NewAccount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountOutcome {
    /// Person, workspace and membership are on disk.
    Created,
    /// Somebody has an account with this e-mail address.
    EmailTaken,
    /// It was to be the first one, and is not.
    NotFirst,
}

/// The SHA-256 of a session cookie's token.
pub type SessionHash = [u8; 32];

/// A live console session.
#[derive(Clone, Debug)]
pub struct ConsoleSession {
    /// As the person is now, not as at the sign-in.
    pub user: UserRecord,
    /// The first moment at which it is over; it moves on while the session is used.
    pub expires_at: Timestamp,
}

impl Store {
    /// Stores a person, a workspace, and the person as its member: all or nothing.
    pub async fn create_account(&self, account: NewAccount) -> Result<AccountOutcome, StoreError> {
        self.database.write(move |sql| create_account(sql, &account)).await
    }

    /// How many people have an account.
    pub async fn count_users(&self) -> Result<u64, StoreError> {
        let count = self.database.read(count_users).await?;
        Ok(count.max(0).unsigned_abs())
    }

    /// The person with this e-mail address (in lower case).
    pub async fn user_by_email(&self, email: String) -> Result<Option<UserRecord>, StoreError> {
        self.database
            .read(move |sql| {
                sql.row(
                    r#"SELECT id, name, email, password_hash FROM "user" WHERE email = ?1"#,
                    params![email],
                    user,
                )
            })
            .await
    }

    /// Stores a new session, and forgets those that have expired.
    pub async fn start_session(
        &self,
        user: UserId,
        hash: SessionHash,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                sql.execute("DELETE FROM console_session WHERE expires_at <= ?1", params![now])?;
                sql.execute(
                    "INSERT INTO console_session (token_hash, user_id, created_at, expires_at)
                     VALUES (?1, ?2, ?3, ?4)",
                    params![hash.as_slice(), user, now, expires_at],
                )?;
                Ok(())
            })
            .await
    }

    /// The session behind a cookie, unless it has expired or was ended.
    pub async fn console_session(
        &self,
        hash: SessionHash,
        now: Timestamp,
    ) -> Result<Option<ConsoleSession>, StoreError> {
        self.database
            .read(move |sql| {
                sql.row(
                    r#"SELECT "user".id, "user".name, "user".email, "user".password_hash,
                           console_session.expires_at
                       FROM console_session JOIN "user" ON "user".id = console_session.user_id
                       WHERE console_session.token_hash = ?1
                           AND console_session.expires_at > ?2"#,
                    params![hash.as_slice(), now],
                    |row| {
                        Ok(ConsoleSession { user: user(row)?, expires_at: row.get("expires_at")? })
                    },
                )
            })
            .await
    }

    /// Lets a session live until `expires_at`.
    pub async fn extend_session(
        &self,
        hash: SessionHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                sql.execute(
                    "UPDATE console_session SET expires_at = ?2 WHERE token_hash = ?1",
                    params![hash.as_slice(), expires_at],
                )?;
                Ok(())
            })
            .await
    }

    /// Ends a session; one that does not exist is ended already.
    pub async fn end_session(&self, hash: SessionHash) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                sql.execute(
                    "DELETE FROM console_session WHERE token_hash = ?1",
                    params![hash.as_slice()],
                )?;
                Ok(())
            })
            .await
    }

    /// Gives the person with this e-mail address (in lower case) another password and ends all
    /// of their sessions. `false` if there is nobody with that address.
    pub async fn reset_password(
        &self,
        email: String,
        password_hash: Secret,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                let user: Option<UserId> = sql.value(
                    r#"UPDATE "user" SET password_hash = ?2 WHERE email = ?1 RETURNING id"#,
                    params![email, password_hash.expose()],
                )?;
                let Some(user) = user else { return Ok(false) };
                sql.execute("DELETE FROM console_session WHERE user_id = ?1", params![user])?;
                Ok(true)
            })
            .await
    }

    /// The workspaces that a person may enter, oldest first.
    pub async fn workspaces_of(&self, user: UserId) -> Result<Vec<WorkspaceRecord>, StoreError> {
        self.database
            .read(move |sql| {
                sql.rows(
                    "SELECT workspace.id, workspace.name FROM member
                     JOIN workspace ON workspace.id = member.workspace_id
                     WHERE member.user_id = ?1 ORDER BY workspace.created_at, workspace.id",
                    params![user],
                    workspace,
                )
            })
            .await
    }

    /// The workspace, if the person is a member of it.
    pub async fn membership(
        &self,
        user: UserId,
        id: WorkspaceId,
    ) -> Result<Option<WorkspaceRecord>, StoreError> {
        self.database
            .read(move |sql| {
                sql.row(
                    "SELECT workspace.id, workspace.name FROM member
                     JOIN workspace ON workspace.id = member.workspace_id
                     WHERE member.workspace_id = ?1 AND member.user_id = ?2",
                    params![id, user],
                    workspace,
                )
            })
            .await
    }

    /// Stores a workspace whose first member is `user`.
    pub async fn create_workspace(
        &self,
        user: UserId,
        workspace: WorkspaceRecord,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.database.write(move |sql| insert_workspace(sql, user, &workspace, now)).await
    }

    /// Gives a workspace another name. `false` if there is no such workspace.
    pub async fn rename_workspace(
        &self,
        id: WorkspaceId,
        name: String,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                let changed =
                    sql.execute("UPDATE workspace SET name = ?2 WHERE id = ?1", params![id, name])?;
                Ok(changed > 0)
            })
            .await
    }
}

fn create_account(sql: &dyn Sql, account: &NewAccount) -> Result<AccountOutcome, StoreError> {
    let NewAccount { user, workspace, created_at, only_as_first } = account;
    sql.lock(Lock::Accounts)?;
    if *only_as_first && count_users(sql)? > 0 {
        return Ok(AccountOutcome::NotFirst);
    }
    let inserted = sql.execute(
        r#"INSERT INTO "user" (id, email, name, password_hash, created_at)
           VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"#,
        params![user.id, user.email, user.name, user.password_hash.expose(), created_at],
    )?;
    if inserted == 0 {
        return Ok(AccountOutcome::EmailTaken);
    }
    insert_workspace(sql, user.id, workspace, *created_at)?;
    Ok(AccountOutcome::Created)
}

fn insert_workspace(
    sql: &dyn Sql,
    member: UserId,
    workspace: &WorkspaceRecord,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql.execute(
        "INSERT INTO workspace (id, name, created_at) VALUES (?1, ?2, ?3)",
        params![workspace.id, workspace.name, now],
    )?;
    sql.execute(
        "INSERT INTO member (workspace_id, user_id) VALUES (?1, ?2)",
        params![workspace.id, member],
    )?;
    Ok(())
}

fn count_users(sql: &dyn Sql) -> Result<i64, StoreError> {
    sql.only_value(r#"SELECT count(*) FROM "user""#, params![])
}

fn user(row: &mut Row) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        password_hash: row.get::<String>("password_hash")?.into(),
    })
}

fn workspace(row: &mut Row) -> Result<WorkspaceRecord, StoreError> {
    Ok(WorkspaceRecord { id: row.get("id")?, name: row.get("name")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW};

    const SESSION: SessionHash = [7; 32];

    fn later(seconds: i64) -> Timestamp {
        NOW.plus_millis(seconds * 1_000)
    }

    #[tokio::test]
    async fn an_address_has_one_account_whatever_its_letter_case() {
        let fixture = Fixture::new().await;
        let user = fixture.random.id(NOW, UserId::from_parts);
        let workspace = fixture.random.id(NOW, WorkspaceId::from_parts);
        let outcome = fixture.account("ANNA@example.com", user, workspace, false).await;
        assert_eq!(outcome, AccountOutcome::EmailTaken);
        assert_eq!(fixture.count("SELECT count(*) FROM workspace").await, 1);
        assert_eq!(fixture.store.count_users().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn only_the_first_can_be_the_first() {
        let fixture = Fixture::new().await;
        let user = fixture.random.id(NOW, UserId::from_parts);
        let workspace = fixture.random.id(NOW, WorkspaceId::from_parts);
        let outcome = fixture.account("bob@example.com", user, workspace, true).await;
        assert_eq!(outcome, AccountOutcome::NotFirst);
    }

    #[tokio::test]
    async fn a_session_lives_until_it_expires_or_is_ended() {
        let Fixture { store, user, .. } = &Fixture::new().await;
        store.start_session(*user, SESSION, NOW, later(10)).await.unwrap();
        let at = async |now| store.console_session(SESSION, now).await.unwrap();
        assert_eq!(at(later(9)).await.unwrap().user.id, *user);
        assert!(at(later(10)).await.is_none());
        store.extend_session(SESSION, later(20)).await.unwrap();
        assert_eq!(at(later(10)).await.unwrap().expires_at, later(20));
        store.end_session(SESSION).await.unwrap();
        assert!(at(NOW).await.is_none());
    }

    #[tokio::test]
    async fn expired_sessions_do_not_pile_up() {
        let fixture = Fixture::new().await;
        let Fixture { store, user, .. } = &fixture;
        store.start_session(*user, SESSION, NOW, later(10)).await.unwrap();
        store.start_session(*user, [8; 32], later(10), later(20)).await.unwrap();
        assert_eq!(fixture.count("SELECT count(*) FROM console_session").await, 1);
    }

    #[tokio::test]
    async fn a_new_password_ends_every_session_of_that_person_only() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let bob = fixture.random.id(NOW, UserId::from_parts);
        let workspace = fixture.random.id(NOW, WorkspaceId::from_parts);
        fixture.account("bob@example.com", bob, workspace, false).await;
        store.start_session(fixture.user, SESSION, NOW, later(10)).await.unwrap();
        store.start_session(bob, [8; 32], NOW, later(10)).await.unwrap();

        let reset = |email: &str| store.reset_password(email.to_owned(), "new".into());
        assert!(reset("anna@example.com").await.unwrap());
        assert!(!reset("nobody@example.com").await.unwrap());
        assert!(store.console_session(SESSION, NOW).await.unwrap().is_none());
        assert!(store.console_session([8; 32], NOW).await.unwrap().is_some());
        let anna = store.user_by_email("anna@example.com".to_owned()).await.unwrap().unwrap();
        assert_eq!(anna.password_hash.expose(), "new");
    }

    #[tokio::test]
    async fn a_workspace_is_open_to_its_members_only() {
        let fixture = Fixture::new().await;
        let Fixture { store, user, workspace, .. } = &fixture;
        let other = fixture.other_workspace().await;
        assert!(store.membership(*user, *workspace).await.unwrap().is_some());
        assert!(store.membership(*user, other).await.unwrap().is_none());
        assert_eq!(store.workspaces_of(*user).await.unwrap().len(), 1);
    }
}
