namespace Cajal;
public sealed class Generator { public static Generator Current => new();
 public void FillUniform(Span<float> s,float a,float b){} public void FillUniform(Span<double> s,double a,double b){} public void FillNormal(Span<float> s,float a,float b){} public void FillNormal(Span<double> s,double a,double b){} public void FillIntegers(Span<long> s,long a,long b){} public int[] Permutation(int n)=>new int[n]; }
