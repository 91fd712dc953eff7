namespace Reliability.Tool;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Ok = 0;

    /// <summary>Trouble was found, or something could not be done.</summary>
    public const int Trouble = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Usage = 2;
}
