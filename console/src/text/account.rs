use super::texts;

texts! {
    /// Signing in and up.
    Account {
        sign_in: "Sign in",
        sign_in_about: "Welcome back. Your agents kept answering.",
        sign_up: "Create account",
        sign_up_title: "Create your account",
        sign_up_about: "An account, a workspace for your team, and you are ready.",
        first_run_title: "Set up Cavuer",
        first_run_about: "Nobody has an account on this server yet. The first one is yours.",
        closed_title: "Sign-up is closed",
        closed_about: "This server takes no new accounts. Ask its administrator to create one for you.",
        email: "Email",
        password: "Password",
        password_hint: "At least {count} characters.",
        name: "Name",
        name_hint: "Visitors see it when you answer them yourself.",
        workspace: "Workspace",
        workspace_hint: "Usually your company's name. You can change it later.",
        have_account: "Already have an account?",
        no_account: "No account yet?",
        wrong_credentials: "Email or password is wrong.",
        email_missing: "Enter your email address.",
        password_missing: "Enter your password.",
        password_short: "Use at least {count} characters.",
        workspace_missing: "Enter a name for the workspace.",
    }
}
